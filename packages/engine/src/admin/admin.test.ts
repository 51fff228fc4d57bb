import { plugins } from '@tributary/plugins'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { SignedIn } from '../contract/engine.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'

let tributary: TestEngine
let admin: SignedIn
let ben: SignedIn

const environment = { TRIBUTARY_SIMULATE: 'none', FITBIT_CLIENT_ID: 'from-the-environment' }

beforeEach(async () => {
  tributary = await createTestEngine({ plugins, environment })
  admin = await tributary.addUser('ada@example.org', 'admin')
  ben = await tributary.addUser('ben@example.org')
})

afterEach(() => tributary.close())

/** The headers of a browser that keeps cookies. */
const browserWith = (cookies: string[]) =>
  new Headers({ cookie: cookies.map((line) => line.split(';')[0]).join('; ') })

const setting = async (key: string) => {
  const { plugins: all, global } = await tributary.engine.admin.configuration(admin.user.id)
  return [...global, ...all.flatMap(({ settings }) => settings)].find((one) => one.key === key)
}

test('only an admin gets an answer', async () => {
  const { admin: calls } = tributary.engine
  const { id } = ben.user
  for (const call of [
    () => calls.configuration(id),
    () => calls.configure(id, {}),
    () => calls.test(id, 'fitbit'),
    () => calls.users(id),
    () => calls.invite(id, { role: 'admin' }),
    () => calls.changeUser(id, id, { role: 'admin' }),
    () => calls.deleteUser(id, id),
    () => calls.resetSecondStep(id, admin.user.id),
    () => calls.schedule(id),
    () => calls.audit(id),
  ]) {
    await expect(call()).rejects.toMatchObject({ status: 403 })
  }
})

test('a secret is written and never read again, and lies sealed in the database', async () => {
  await tributary.engine.admin.configure(admin.user.id, { 'plugin.fitbit.client_secret': 'a-secret-canary' })
  expect(await setting('plugin.fitbit.client_secret')).toMatchObject({
    value: null,
    isSet: true,
    from: 'database',
  })
  expect((await setting('plugin.fitbit.client_secret'))?.changedAt).not.toBeNull()
  const rows = await tributary.database.query<{ row: string }>(
    'select t::text as row from tributary.system_config t',
  )
  expect(rows.some(({ row }) => row.includes('a-secret-canary'))).toBe(false)
  const everything = JSON.stringify(await tributary.engine.admin.configuration(admin.user.id))
  expect(everything).not.toContain('a-secret-canary')
})

test('what the environment says is shown as locked, and cannot be changed here', async () => {
  expect(await setting('plugin.fitbit.client_id')).toMatchObject({
    value: 'from-the-environment',
    from: 'environment',
    locked: true,
  })
  const change = tributary.engine.admin.configure(admin.user.id, { 'plugin.fitbit.client_id': 'x' })
  await expect(change).rejects.toMatchObject({ status: 409, code: 'locked' })
})

test.each([
  [{ 'plugin.fitbit.nothing': 'x' }, 'unknown-setting'],
  [{ 'plugin.fitbit.simulate': 'maybe' }, 'bad-value'],
])('%o is refused, and nothing of it is stored', async (values, code) => {
  const change = tributary.engine.admin.configure(admin.user.id, {
    'plugin.fitbit.client_secret': 'x',
    ...(values as Record<string, string>),
  })
  await expect(change).rejects.toMatchObject({ status: 422, code })
  expect(await setting('plugin.fitbit.client_secret')).toMatchObject({ isSet: false })
})

test('a test of the settings really tries them', async () => {
  const checks = () => tributary.engine.admin.test(admin.user.id, 'fitbit')
  expect(await checks()).toContainEqual(expect.objectContaining({ name: 'Settings', ok: false }))
  await tributary.engine.admin.configure(admin.user.id, { 'plugin.fitbit.simulate': 'true' })
  expect((await checks()).every(({ ok }) => ok)).toBe(true)
  expect(await checks()).toContainEqual({
    name: 'Token address',
    ok: true,
    detail: 'The provider knows this client.',
  })
  tributary.lab.lab.faults.add({
    source: 'fitbit',
    path: /token/,
    respond: { status: 401, body: { errors: [{ errorType: 'invalid_client' }], success: false } },
  })
  expect(await checks()).toContainEqual(expect.objectContaining({ name: 'Token address', ok: false }))
})

test('leaving simulation ends simulated connections and removes their data', async () => {
  await tributary.engine.admin.configure(admin.user.id, { 'plugin.fitbit.simulate': 'true' })
  tributary.startWorker()
  await tributary.connect(ben, 'fitbit')
  await tributary.settled()
  await tributary.engine.admin.configure(admin.user.id, { 'plugin.fitbit.simulate': 'false' })
  expect(await tributary.engine.plugins.get(ben.user.id, 'fitbit')).toMatchObject({ connected: false })
  const { days } = await tributary.engine.metrics.daily(ben.user.id, { from: '2026-11-01', to: '2026-11-20' })
  expect(days.every(({ values }) => Object.keys(values).length === 0)).toBe(true)
})

test('an invitation works once, for its address alone, and gives the role that it says', async () => {
  const { link } = await tributary.engine.admin.invite(admin.user.id, {
    email: 'cy@example.org',
    role: 'user',
  })
  const token = link.split('/').at(-1) ?? ''
  const account = { name: 'Cy', email: 'cy@example.org', password: 'a long password', timeZone: 'Asia/Tokyo' }
  const { accounts } = tributary.engine
  expect(await accounts.readSignUpLink(token, new Headers())).toEqual({
    role: 'user',
    email: 'cy@example.org',
  })
  await expect(
    accounts.signUp(token, { ...account, email: 'eve@example.org' }, new Headers()),
  ).rejects.toMatchObject({
    code: 'bad-email',
  })
  const cookies = await accounts.signUp(token, account, new Headers())
  expect(cookies.join()).toContain('session_token')
  await expect(accounts.signUp(token, account, new Headers())).rejects.toMatchObject({ code: 'link-used' })
  expect(await accounts.identify(browserWith(cookies))).toMatchObject({
    user: { email: 'cy@example.org', role: 'user', timeZone: 'Asia/Tokyo' },
  })
})

test('a disabled user is signed out at once and stays out', async () => {
  const { link } = await tributary.engine.admin.invite(admin.user.id, { role: 'user' })
  const { accounts } = tributary.engine
  const account = { name: 'Cy', email: 'cy@example.org', password: 'a long password' }
  const cookies = await accounts.signUp(link.split('/').at(-1) ?? '', account, new Headers())
  const signedIn = await accounts.identify(browserWith(cookies))
  await tributary.engine.admin.changeUser(admin.user.id, signedIn?.user.id ?? '', { disabled: true })
  expect(await accounts.identify(browserWith(cookies))).toBeNull()
  await expect(accounts.signIn(account, new Headers())).rejects.toMatchObject({ code: 'disabled' })
})

test.each([{ role: 'admin' as const }, { role: 'user' as const }, { disabled: true }])(
  'the change %o ends all sessions of the user at once',
  async (change) => {
    await tributary.engine.admin.changeUser(admin.user.id, ben.user.id, change)
    const left = await tributary.database.query('select from tributary.sessions where user_id = $1', [
      ben.user.id,
    ])
    expect(left).toEqual([])
  },
)

test('one admin has to stay', async () => {
  const step = tributary.engine.admin.changeUser(admin.user.id, admin.user.id, { role: 'user' })
  await expect(step).rejects.toMatchObject({ code: 'last-admin' })
  await tributary.engine.admin.changeUser(admin.user.id, ben.user.id, { role: 'admin' })
  await tributary.engine.admin.changeUser(ben.user.id, admin.user.id, { disabled: true })
  await expect(tributary.engine.admin.users(admin.user.id)).rejects.toMatchObject({ status: 403 })
})
