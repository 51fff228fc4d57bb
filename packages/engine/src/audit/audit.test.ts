import { plugins } from '@tributary/plugins'
import { sql } from 'kysely'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openDatabase } from '../database/database.ts'
import type { SignedIn } from '../engine.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'
import { audit } from './audit.ts'

const origin = 'http://localhost:5173'
const password = 'a long password'
let tributary: TestEngine
let admin: SignedIn

beforeEach(async () => {
  tributary = await createTestEngine({ plugins, environment: { TRIBUTARY_SIMULATE: 'none' } })
  admin = await tributary.addUser('ada@example.org', 'admin')
})

afterEach(() => tributary.close())

const entries = async (action?: string) =>
  (await tributary.engine.admin.audit(admin.user.id, { action })).entries

const ask = (path: string, body: object, cookie = '') =>
  tributary.engine.accounts.handle(
    new Request(`${origin}/api/auth/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin, cookie },
      body: JSON.stringify(body),
    }),
  )

const cookieOf = (response: Response) =>
  response.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ')

test('signing in, failing to and signing out are told, with the request, and nothing that was typed', async () => {
  const { engine } = tributary
  const { link } = await engine.admin.invite(admin.user.id, { email: 'ben@example.org', role: 'user' })
  const account = { name: 'Ben', email: 'ben@example.org', password }
  await engine.accounts.signUp(link.split('/').at(-1) ?? '', account, new Headers())
  await ask('sign-in/email', { email: 'ben@example.org', password: 'a wrong password' })
  await ask('sign-in/email', { email: 'typed-as@an.address', password: 'typed-as-password' })
  const signedIn = await engine.duringRequest({ id: 'r-1', address: () => '192.0.2.1' }, () =>
    ask('sign-in/email', { email: 'Ben@example.org', password }),
  )
  expect((await ask('sign-out', {}, cookieOf(signedIn))).status).toBe(200)
  expect(await engine.accounts.identify(new Headers({ cookie: cookieOf(signedIn) }))).toBeNull()
  const ben = { name: 'Ben' }
  expect(await entries()).toMatchObject([
    { action: 'session.signed-out', actor: ben },
    { action: 'session.signed-in', actor: ben, requestId: 'r-1', address: '192.0.2.1' },
    { action: 'session.refused', actor: null, subject: null, details: { account: 'unknown' } },
    { action: 'session.refused', actor: null, subject: ben, details: { account: 'known' } },
    { action: 'session.signed-in', actor: ben, requestId: null },
    { action: 'account.created', actor: ben, details: { role: 'user' } },
    { action: 'user.invited', actor: { id: admin.user.id }, details: { email: 'ben@example.org' } },
  ])
  expect(JSON.stringify(await entries())).not.toMatch(/typed-as|a wrong password/)
})

test('what admins change is told by its name, without its value', async () => {
  const { admin: calls } = tributary.engine
  const ben = await tributary.addUser('ben@example.org')
  await calls.configure(admin.user.id, {
    'plugin.google-fit.client_id': 'value-of-id',
    'plugin.google-fit.client_secret': 'value-of-secret',
    'plugin.fitbit.simulate': 'true',
  })
  await calls.configure(admin.user.id, { 'plugin.google-fit.client_id': null })
  await calls.changeUser(admin.user.id, ben.user.id, { role: 'admin', disabled: true })
  expect(
    (await entries()).map(({ action, actor, source, details }) => [action, actor?.id, source, details]),
  ).toEqual([
    ['user.role-changed', admin.user.id, null, { role: 'admin' }],
    ['user.disabled', admin.user.id, null, {}],
    ['configuration.removed', admin.user.id, 'Google Fit', { setting: 'plugin.google-fit.client_id' }],
    ['simulation.on', admin.user.id, 'Fitbit', {}],
    ['configuration.changed', admin.user.id, 'Google Fit', { setting: 'plugin.google-fit.client_secret' }],
    ['configuration.changed', admin.user.id, 'Google Fit', { setting: 'plugin.google-fit.client_id' }],
  ])
  expect(JSON.stringify(await entries())).not.toContain('value-of')
})

test('what is refused is not told as done', async () => {
  const { admin: calls } = tributary.engine
  await expect(calls.changeUser(admin.user.id, admin.user.id, { role: 'user' })).rejects.toMatchObject({
    code: 'last-admin',
  })
  expect(await entries()).toEqual([])
})

test('connecting, a refused renewal and disconnecting are told, each by who did it', async () => {
  const { engine, clock, lab } = tributary
  await engine.admin.configure(admin.user.id, { 'plugin.fitbit.simulate': 'true' })
  const ben = await tributary.addUser('ben@example.org')
  await tributary.connect(ben, 'fitbit')
  clock.add({ hours: 9 })
  lab.lab.faults.add({
    source: 'fitbit',
    path: /token/,
    respond: { status: 400, body: { errors: [{ errorType: 'invalid_grant' }], success: false } },
  })
  tributary.startWorker()
  await tributary.settled()
  await engine.plugins.disconnect(ben.user.id, 'fitbit', { deleteData: false })
  await tributary.connect(ben, 'fitbit')
  await engine.admin.configure(admin.user.id, { 'plugin.fitbit.simulate': 'false' })
  const fitbit = 'Fitbit'
  expect(await entries()).toMatchObject([
    {
      action: 'connection.disconnected',
      actor: null,
      subject: { id: ben.user.id },
      details: { data: 'removed' },
    },
    { action: 'simulation.off' },
    { action: 'connection.connected' },
    { action: 'connection.disconnected', actor: { id: ben.user.id }, details: { data: 'kept' } },
    { action: 'connection.refused', actor: null, subject: { id: ben.user.id }, source: fitbit },
    { action: 'connection.connected', actor: { id: ben.user.id }, source: fitbit },
    { action: 'simulation.on' },
  ])
})

test('pages follow one another without a gap, and an action can be looked for', async () => {
  const { engine, database } = tributary
  await database.query(
    `insert into tributary.audit_log (action) select case n % 2 when 0 then 'keys.rotated' else 'simulation.on' end
     from generate_series(1, 7) n`,
  )
  const seen: string[] = []
  let before: string | undefined
  do {
    const page = await engine.admin.audit(admin.user.id, { before, limit: 3 })
    seen.push(...page.entries.map(({ id }) => id))
    before = page.next ?? undefined
  } while (before !== undefined)
  expect(seen.map(Number)).toEqual([7, 6, 5, 4, 3, 2, 1])
  expect((await entries('keys.rotated')).map(({ words }) => words)).toEqual(['New key', 'New key', 'New key'])
  await expect(entries('nothing')).rejects.toMatchObject({ status: 422 })
  const ben = await tributary.addUser('ben@example.org')
  await expect(engine.admin.audit(ben.user.id)).rejects.toMatchObject({ status: 403 })
})

test('no role of ours changes or removes an entry, and a user writes none in the name of another', async () => {
  const database = openDatabase({ url: tributary.database.url })
  const ben = await tributary.addUser('ben@example.org')
  try {
    await database.asUser(ben.user.id, (db) => audit(db, { action: 'simulation.on', actor: ben.user.id }))
    for (const statement of [
      sql`update audit_log set action = 'x'`,
      sql`delete from audit_log`,
      sql`truncate audit_log`,
    ]) {
      await expect(database.asSystem((db) => statement.execute(db))).rejects.toThrow('permission denied')
      await expect(database.asUser(ben.user.id, (db) => statement.execute(db))).rejects.toThrow(
        'permission denied',
      )
    }
    for (const actor of [admin.user.id, null]) {
      await expect(
        database.asUser(ben.user.id, (db) =>
          audit(db, { action: 'simulation.on', actor, subject: admin.user.id }),
        ),
      ).rejects.toThrow('row-level security')
    }
    await expect(
      database.asUser(ben.user.id, (db) => sql`select 1 from audit_log`.execute(db)),
    ).rejects.toThrow('permission denied')
  } finally {
    await database.close()
  }
})
