import { plugins } from '@tributary/plugins'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { SignedIn } from '../contract/engine.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'

let tributary: TestEngine
let root: SignedIn
let ada: SignedIn
let ben: SignedIn
const password = 'a long password'

beforeAll(async () => {
  tributary = await createTestEngine({ plugins })
  root = await tributary.addUser('root@example.org', 'admin')
  // She comes by another link, so that this one stays open.
  await tributary.engine.admin.invite(root.user.id, { role: 'user', email: 'ada@example.org' })
  ada = await signUp('ada@example.org')
  ben = await signUp('ben@example.org')
  tributary.startWorker()
  for (const user of [ada, ben]) await fill(user)
})

afterAll(() => tributary.close())

async function signUp(email: string): Promise<SignedIn> {
  const { link } = await tributary.engine.admin.invite(root.user.id, { role: 'user' })
  const token = link.split('/').at(-1) ?? ''
  const cookies = await tributary.engine.accounts.signUp(
    token,
    { name: 'Somebody', email, password },
    new Headers(),
  )
  const cookie = cookies.map((line) => line.split(';')[0]).join('; ')
  const signedIn = await tributary.engine.accounts.identify(new Headers({ cookie }))
  if (!signedIn) throw new Error('not signed in')
  return signedIn
}

/** Gives a user something in every place where a user can have something. */
async function fill(user: SignedIn): Promise<void> {
  const { engine } = tributary
  const { id } = user.user
  await tributary.connect(user, 'fitbit')
  await tributary.settled()
  await engine.plugins.startAuthorization(user, 'fitbit')
  await engine.metrics.enter(id, { metric: 'fitbit.steps', date: '2026-11-01', value: 1 })
  await engine.templates.create(id, { name: `List of ${user.user.email}`, metrics: [] })
  await engine.accounts.tokens.create(id, { name: 'x', scopes: ['read'], days: null })
  await engine.accounts.secondStep.begin(user, password)
  await engine.remaps.begin(id, 'fitbit')
  await tributary.database.query(`insert into tributary.backup_codes values ($1, 'x')`, [id])
  await tributary.database.query(
    `insert into tributary.pending_sign_ins values (sha256(random()::text::bytea), $1, now())`,
    [id],
  )
  await engine.uploads.receive(id, 'csv', {
    fileName: 'values.csv',
    content: (async function* () {
      yield Buffer.from('date,coffee\n2026-01-01,2\n2026-01-02,=1+1\n')
    })(),
    mapping: () => undefined,
  })
  await tributary.settled()
  await tributary.database.query(
    `insert into tributary.system_config (key, value, updated_by) values ($1, 'true', $2)`,
    [`plugin.example.${id}`.slice(0, 20), id],
  )
}

/** The tables in whose rows a text stands, with how many. */
async function findText(text: string): Promise<Record<string, number>> {
  const found: Record<string, number> = {}
  const tables = await tributary.database.query<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'tributary'::regnamespace and relkind in ('r', 'p')`,
  )
  for (const { name } of tables) {
    const [row] = await tributary.database.query<{ count: number }>(
      `select count(*)::integer as count from tributary.${name} t where t::text like '%' || $1 || '%'`,
      [text],
    )
    if (row && row.count > 0) found[name] = row.count
  }
  return found
}

const count = async (table: string) =>
  (
    await tributary.database.query<{ count: number }>(
      `select count(*)::integer as count from tributary.${table}`,
    )
  )[0]?.count ?? 0

const valuesOf = ({ user }: SignedIn, table: string) =>
  count(`${table} where series_id in (select id from tributary.series where user_id = '${user.id}')`)

async function exported({ user }: SignedIn): Promise<Record<string, unknown>[]> {
  let text = ''
  await tributary.engine.accounts.export(user.id, (piece) => {
    text += piece
    return Promise.resolve()
  })
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
}

test('an export has every row of the user, answers as they came, no secret, and nothing of another', async () => {
  const lines = await exported(ada)
  expect(lines[0]).toMatchObject({ tributary: 1, user: ada.user.id })
  expect(lines.at(-1)).toEqual({ end: { rows: lines.length - 2 } })
  const rows = (table: string) => lines.filter((line) => line['table'] === table).map((line) => line['row'])
  const hidden = [
    'audit_log',
    'sign_in_methods',
    'second_steps',
    'backup_codes',
    'pending_sign_ins',
    'raw_bodies',
  ]
  const own = await findText(ada.user.id)
  for (const [table, held] of Object.entries(own)) {
    if (table === 'system_config' || hidden.includes(table)) continue
    expect(rows(table), table).toHaveLength(held)
  }
  expect(rows('measurements')).toHaveLength(await valuesOf(ada, 'measurements'))
  expect(rows('daily_records')).toHaveLength(await valuesOf(ada, 'daily_records'))
  expect(rows('raw_pages')).toContainEqual(
    expect.objectContaining({ body: expect.stringContaining('2026-01-02,=1+1') as string }),
  )
  const text = JSON.stringify(lines)
  expect(text).not.toContain(ben.user.id)
  expect(text).not.toContain('ben@example.org')
  for (const secret of ['credentials', 'token_hash', 'code_verifier', 'password', 'wrapped_key'])
    expect(text).not.toContain(`"${secret}"`)
})

test('an export is written in pieces, each when the one before has gone, and one at a time', async () => {
  const [series] = await tributary.database.query<{ id: number }>(
    'select min(id) as id from tributary.series where user_id = $1',
    [ada.user.id],
  )
  await tributary.database.query(
    `insert into tributary.measurements select $1, at, at, 1
     from generate_series('2001-01-01'::timestamptz, '2001-01-01'::timestamptz + interval '19999 minutes', '1 minute') at`,
    [series?.id],
  )
  let writing = 0
  let longest = 0
  let second: Promise<unknown> | undefined
  await tributary.engine.accounts.export(ada.user.id, async (piece) => {
    writing += 1
    expect(writing).toBe(1)
    longest = Math.max(longest, piece.length)
    second ??= exported(ada).catch((error: unknown) => error)
    await second
    writing -= 1
  })
  expect(longest).toBeLessThan(1_000_000)
  expect(await second).toMatchObject({ status: 409, code: 'busy' })
})

test('after deletion nothing of the user is left, here or at the provider, and nothing of another is gone', async () => {
  const { accounts } = tributary.engine
  expect(Object.keys(await findText(ada.user.id)).length).toBeGreaterThan(12)
  const bens = await findText(ben.user.id)
  const [measurements, records] = [await valuesOf(ben, 'measurements'), await valuesOf(ben, 'daily_records')]
  expect(records).toBeGreaterThan(0)
  await expect(accounts.remove(ada, 'not the password')).rejects.toMatchObject({
    status: 422,
    code: 'wrong-password',
  })
  expect(await findText('ada@example.org')).not.toEqual({})
  const [tickets = ''] = (
    await tributary.database.query<{ account: string }>(
      'select account_id as account from tributary.user_integrations where source_id = $2 and user_id = $1',
      [ada.user.id, 'fitbit'],
    )
  ).map(({ account }) => account)
  await tributary.database.query(
    `insert into tributary.request_tickets values ('fitbit', 'a client', $1, now())`,
    [tickets],
  )
  await expect(
    accounts.signIn({ email: 'ada@example.org', password: 'not the password' }, new Headers()),
  ).rejects.toMatchObject({ code: 'wrong-password' })
  expect(await count('failed_attempts')).toBeGreaterThan(1)
  const revoked = () =>
    tributary.lab.lab.requests('fitbit').filter(({ path }) => path.includes('revoke')).length
  expect(revoked()).toBe(0)

  await accounts.remove(ada, password)
  expect(revoked()).toBe(1)
  expect(Object.keys(await findText(ada.user.id))).toEqual(['audit_log'])
  expect(await findText('ada@example.org')).toEqual({})
  const booked = await tributary.database.query(
    `select account_id from tributary.request_tickets where client_id = 'a client'`,
  )
  expect(booked).toEqual([{ account_id: '' }])
  expect(await findText(ben.user.id)).toEqual(bens)
  expect(await count('measurements')).toBe(measurements)
  expect(await count('daily_records')).toBe(records)
  // The one of the network address is nobody's.
  expect(await count('failed_attempts')).toBe(1)
  await expect(accounts.signIn({ email: 'ada@example.org', password }, new Headers())).rejects.toMatchObject({
    code: 'wrong-password',
  })
})

test('the audit log keeps what a deleted user did and forgets where they were, and where others who acted were it knows', async () => {
  const { engine, database } = tributary
  const at = (address: string) => ({ id: 'r', address: () => address })
  const cy = await engine.duringRequest(at('203.0.113.7'), () => signUp('cy@example.org'))
  const guess = { email: 'cy@example.org', password: 'wrong' }
  const refused = engine.duringRequest(at('203.0.113.8'), () => engine.accounts.signIn(guess, new Headers()))
  await expect(refused).rejects.toMatchObject({ status: 401 })
  await engine.duringRequest(at('203.0.113.9'), () =>
    engine.admin.changeUser(root.user.id, cy.user.id, { role: 'user' }),
  )
  const addresses = async () => {
    const rows = await database.query<{ action: string; ip_address: string | null }>(
      `select action, ip_address from tributary.audit_log where $1 in (actor_id, subject_id) order by id`,
      [cy.user.id],
    )
    return rows.map(({ action, ip_address }) => [action, ip_address])
  }
  expect(await addresses()).toContainEqual(['session.signed-in', '203.0.113.7'])
  expect(await addresses()).toContainEqual(['session.refused', '203.0.113.8'])
  await engine.duringRequest(at('203.0.113.7'), () => engine.accounts.remove(cy, password))
  expect(await addresses()).toEqual([
    ['account.created', null],
    ['session.signed-in', null],
    ['session.refused', null],
    ['user.role-changed', '203.0.113.9'],
    ['account.deleted', null],
  ])
  const [{ others } = { others: 0 }] = await database.query<{ others: number }>(
    `select count(*)::integer as others from tributary.audit_log where ip_address = '203.0.113.7'`,
  )
  expect(others).toBe(1)
})

test('an admin deletes others, but the last admin stays', async () => {
  const { admin, accounts } = tributary.engine
  const cy = await signUp('cy@example.org')
  await expect(admin.deleteUser(root.user.id, root.user.id)).rejects.toMatchObject({ code: 'last-admin' })
  await expect(admin.deleteUser(root.user.id, crypto.randomUUID())).rejects.toMatchObject({
    code: 'unknown-user',
  })
  await admin.changeUser(root.user.id, cy.user.id, { role: 'admin' })
  await admin.changeUser(root.user.id, cy.user.id, { disabled: true })
  await expect(admin.deleteUser(root.user.id, root.user.id)).rejects.toMatchObject({ code: 'last-admin' })
  await admin.changeUser(root.user.id, cy.user.id, { disabled: false })
  await admin.deleteUser(cy.user.id, root.user.id)
  expect(Object.keys(await findText(root.user.id))).toEqual(['audit_log'])
  await expect(accounts.remove(cy, password)).rejects.toMatchObject({ code: 'last-admin' })
})
