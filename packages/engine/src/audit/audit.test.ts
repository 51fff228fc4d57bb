import { plugins } from '@tributary/plugins'
import { sql } from 'kysely'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { codeOf, spanOf } from '../accounts/time-codes.ts'
import { openDatabase } from '../database/database.ts'
import type { SignedIn } from '../contract/engine.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'
import { audit } from './audit.ts'

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

const browser = (cookies: string[] = []) =>
  new Headers({ cookie: cookies.map((line) => line.split(';')[0]).join('; ') })

async function signUp(name: string): Promise<{ user: SignedIn; headers: Headers }> {
  const { link } = await tributary.engine.admin.invite(admin.user.id, { role: 'user' })
  const account = { name, email: `${name.toLowerCase()}@example.org`, password }
  const { accounts } = tributary.engine
  const headers = browser(await accounts.signUp(link.split('/').at(-1) ?? '', account, browser()))
  const user = await accounts.identify(headers)
  if (!user) throw new Error('not signed in')
  return { user, headers }
}

const signIn = (email: string, secret = password) =>
  tributary.engine.accounts.signIn({ email, password: secret }, browser())

const told = async () =>
  (await entries()).map(({ action, actor, subject, details }) => [
    action,
    actor?.id ?? null,
    subject?.id ?? null,
    details,
  ])

test('signing in, failing to and signing out are told, with the request, and nothing that was typed', async () => {
  const { engine } = tributary
  const { link } = await engine.admin.invite(admin.user.id, { email: 'ben@example.org', role: 'user' })
  const account = { name: 'Ben', email: 'ben@example.org', password }
  await engine.accounts.signUp(link.split('/').at(-1) ?? '', account, browser())
  await expect(signIn('ben@example.org', 'a wrong password')).rejects.toMatchObject({ status: 401 })
  await expect(signIn('typed-as@an.address', 'typed-as-password')).rejects.toMatchObject({ status: 401 })
  const signedIn = await engine.duringRequest({ id: 'r-1', address: () => '192.0.2.1' }, () =>
    signIn('Ben@example.org'),
  )
  await engine.accounts.signOut(browser(signedIn.cookies))
  expect(await engine.accounts.identify(browser(signedIn.cookies))).toBeNull()
  const ben = { name: 'Ben' }
  expect(await entries()).toMatchObject([
    { action: 'session.signed-out', actor: ben },
    { action: 'session.signed-in', actor: ben, requestId: 'r-1', address: '192.0.2.1' },
    { action: 'session.refused', actor: null, subject: null, details: { account: 'unknown' } },
    { action: 'session.refused', actor: null, subject: ben, details: { account: 'known' } },
    { action: 'session.signed-in', actor: ben, requestId: null },
    { action: 'account.created', actor: ben, details: { role: 'user' } },
    { action: 'user.invited', actor: { id: admin.user.id }, details: { role: 'user' } },
  ])
  expect(JSON.stringify(await entries())).not.toMatch(/typed-as|a wrong password/)
})

test('the right password of a disabled user makes no session, and is told as refused', async () => {
  const { user } = await signUp('Ben')
  await tributary.engine.admin.changeUser(admin.user.id, user.user.id, { disabled: true })
  const before = await entries('session.signed-in')
  await expect(signIn('ben@example.org')).rejects.toMatchObject({ status: 403, code: 'disabled' })
  expect(await entries('session.signed-in')).toEqual(before)
  expect((await told())[0]).toEqual([
    'session.refused',
    null,
    user.user.id,
    { account: 'disabled', step: 'password' },
  ])
  const held = await tributary.database.query('select 1 from tributary.sessions where user_id = $1', [
    user.user.id,
  ])
  expect(held).toEqual([])
})

test('what users do for the safety of their account is told, with no secret and no name', async () => {
  const { accounts, admin: calls } = tributary.engine
  const { user, headers } = await signUp('Ben')
  const { id } = user.user
  await signIn('ben@example.org')
  await accounts.sessions.revokeOthers(user)
  await accounts.sessions.revokeOthers(user)
  const { token, info } = await accounts.tokens.create(id, { name: 'Phone', scopes: ['read'], days: 7 })
  await accounts.tokens.revoke(id, info.id)
  const { secret } = await accounts.secondStep.begin(user, password)
  const bytes = Buffer.from(
    [...secret]
      .map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'))
      .join('')
      .match(/.{8}/g)
      ?.map((byte) => parseInt(byte, 2)) ?? [],
  )
  const [backup = ''] = await accounts.secondStep.confirm(user, codeOf(bytes, spanOf(tributary.clock.now())))
  const given = browser((await signIn('ben@example.org')).cookies)
  await expect(accounts.enterCode('000000', given)).rejects.toMatchObject({ status: 401 })
  await accounts.enterCode(backup, given)
  await accounts.secondStep.turnOff(user, password)
  await accounts.export(id, () => Promise.resolve())
  await expect(accounts.export(id, () => Promise.reject(new Error('gone')))).rejects.toThrow('gone')
  await accounts.changePassword(user, { current: password, wanted: 'another long password' }, headers)
  await accounts.remove(user, 'another long password')
  const cy = await signUp('Cy')
  await calls.deleteUser(admin.user.id, cy.user.user.id)
  const lines = (await told()).toReversed()
  expect(lines.slice(3, -5)).toEqual([
    ['session.signed-in', id, id, {}],
    ['session.revoked', id, id, { sessions: 1 }],
    ['token.made', id, id, { token: info.id, scopes: 'read', days: 7 }],
    ['token.revoked', id, id, { token: info.id }],
    ['second-step.on', id, id, {}],
    ['session.refused', null, id, { account: 'known', step: 'code' }],
    ['second-step.backup-code', id, id, {}],
    ['session.signed-in', id, id, {}],
    ['second-step.off', id, id, {}],
    ['account.exported', id, id, { complete: true }],
    ['account.exported', id, id, { complete: false }],
    ['account.password-changed', id, id, {}],
    ['session.signed-in', id, id, {}],
  ])
  expect([lines.at(-5), lines.at(-1)]).toEqual([
    ['account.deleted', id, id, {}],
    ['account.deleted', admin.user.id, cy.user.user.id, {}],
  ])
  const kept = JSON.stringify(await tributary.database.query('select * from tributary.audit_log'))
  for (const secret of [password, 'another long', token, backup, 'ben@', 'Ben', 'Phone'])
    expect(kept).not.toContain(secret)
})

test('whoever has to wait is told of once for each wait, with the account that was meant', async () => {
  const { user } = await signUp('Ben')
  const guess = () => signIn('ben@example.org', 'wrong').catch(({ status }: { status: number }) => status)
  while ((await guess()) !== 429);
  for (let again = 0; again < 3; again += 1) await guess()
  const limited = ['attempts.limited', null, user.user.id, { counted: 'by account' }]
  const waits = async () => (await told()).filter(([action]) => action === 'attempts.limited')
  expect(await waits()).toEqual([limited])
  tributary.clock.add({ minutes: 1 })
  expect(await guess()).toBe(401)
  expect(await guess()).toBe(429)
  expect(await waits()).toEqual([limited, limited])
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
