import { plugins } from '@tributary/plugins'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openDatabase } from '../database/database.ts'
import type { SignedIn } from '../contract/engine.ts'
import { sweepExpired } from '../retention/sweep-expired.ts'
import { consent, createTestEngine, type TestEngine } from '../testing/test-engine.ts'

let tributary: TestEngine
let ada: SignedIn

beforeEach(async () => {
  tributary = await createTestEngine({ plugins })
  ada = await tributary.addUser('ada@example.org')
})

afterEach(() => tributary.close())

async function begin(): Promise<URL> {
  return tributary.engine.plugins.startAuthorization(ada, 'fitbit')
}

const finish = (callback: URLSearchParams, who = ada) =>
  tributary.engine.plugins.finishAuthorization(who, 'fitbit', callback)

async function expectNothingStored(): Promise<void> {
  expect(await tributary.engine.plugins.get(ada.user.id, 'fitbit')).toMatchObject({
    connected: false,
    job: null,
  })
  expect(
    await tributary.database.query(`select 1 from tributary.user_integrations where credentials is not null`),
  ).toEqual([])
}

const tokenRequests = () =>
  tributary.lab.lab.requests('fitbit').filter(({ path }) => path.endsWith('/token')).length

test('an allowed access connects the account and asks for the first import', async () => {
  await finish(await consent(await begin()))
  expect(await tributary.engine.plugins.get(ada.user.id, 'fitbit')).toMatchObject({
    connected: true,
    state: 'connected',
    simulated: true,
    enabled: true,
    job: { trigger: 'connect', status: 'queued' },
  })
})

test('a refused access says so and stores nothing', async () => {
  const address = await begin()
  const response = await fetch(address, {
    method: 'POST',
    body: new URLSearchParams({ decision: 'deny' }),
    redirect: 'manual',
  })
  const callback = new URL(response.headers.get('location') ?? '').searchParams
  await expect(finish(callback)).rejects.toMatchObject({ code: 'access-denied' })
  await expectNothingStored()
})

test('a callback with another state is refused before any token request', async () => {
  const callback = await consent(await begin())
  callback.set('state', 'another')
  await expect(finish(callback)).rejects.toMatchObject({ code: 'invalid-state' })
  expect(tokenRequests()).toBe(0)
  await expectNothingStored()
})

test('a callback without a state is refused before any token request, and the flow stays', async () => {
  const callback = await consent(await begin())
  const without = new URLSearchParams(callback)
  without.delete('state')
  await expect(finish(without)).rejects.toMatchObject({ code: 'invalid-state' })
  expect(tokenRequests()).toBe(0)
  await finish(callback)
})

test('flows that nobody finished are swept', async () => {
  await begin()
  const flows = () => tributary.database.query('select 1 from tributary.oauth_flows')
  const database = openDatabase({ url: tributary.database.url })
  await sweepExpired(database, tributary.clock.now())
  expect(await flows()).toHaveLength(1)
  await sweepExpired(database, tributary.clock.now().add({ hours: 1 }))
  await database.close()
  expect(await flows()).toHaveLength(0)
})

test('a callback that is delivered again ends as the first one did, and requests no token', async () => {
  const callback = await consent(await begin())
  expect(await finish(callback)).toBe('connected')
  expect(await finish(callback)).toBe('connected')
  expect(tokenRequests()).toBe(1)
  expect((await tributary.engine.plugins.get(ada.user.id, 'fitbit')).connected).toBe(true)
})

test('of deliveries at the same moment one requests a token, and the others do no harm', async () => {
  const callback = await consent(await begin())
  const eightTimes = <Result>(work: () => Promise<Result>) => Promise.all(Array.from({ length: 8 }, work))
  // Each delivery finds an open connection, so that none is ahead of the others.
  await eightTimes(() => tributary.engine.jobs.list(ada.user.id))
  const outcomes = await eightTimes(() => finish(callback))
  expect(outcomes).toContain('connected')
  expect(tokenRequests()).toBe(1)
  expect((await tributary.engine.plugins.get(ada.user.id, 'fitbit')).connected).toBe(true)
})

test('a callback that failed fails alike when it is delivered again', async () => {
  const callback = new URLSearchParams({
    error: 'access_denied',
    state: (await begin()).searchParams.get('state') ?? '',
  })
  await expect(finish(callback)).rejects.toMatchObject({ code: 'access-denied' })
  await expect(finish(callback)).rejects.toMatchObject({ code: 'access-denied' })
  await expectNothingStored()
})

test('a callback that another session delivers again tells it nothing', async () => {
  const callback = await consent(await begin())
  await finish(callback)
  const ben = await tributary.addUser('ben-again@example.org')
  await expect(finish(callback, ben)).rejects.toMatchObject({ code: 'invalid-state' })
  await expect(finish(callback, { ...ada, sessionId: ben.sessionId })).rejects.toMatchObject({
    code: 'invalid-state',
  })
})

test('who did not begin it cannot finish it, nor can another session of the same user', async () => {
  const callback = await consent(await begin())
  const ben = await tributary.addUser('ben@example.org')
  await expect(finish(callback, ben)).rejects.toMatchObject({ code: 'invalid-state' })
  await expect(finish(callback, { ...ada, sessionId: ben.sessionId })).rejects.toMatchObject({
    code: 'invalid-state',
  })
  expect(tokenRequests()).toBe(0)
  await expectNothingStored()
})

test('a code of another flow, stolen or sent along, is good for nothing: its verifier is not that of this one', async () => {
  const stolen = await consent(await begin())
  const callback = await consent(await begin())
  callback.set('code', stolen.get('code') ?? '')
  await expect(finish(callback)).rejects.toMatchObject({ code: 'invalid-code' })
  expect(tokenRequests()).toBe(1)
  await expectNothingStored()
})

test('a flow that began at another base URL ends with nothing asked', async () => {
  const moved = await createTestEngine({
    plugins,
    beside: tributary,
    environment: { PUBLIC_URL: 'https://hub.example' },
  })
  try {
    const callback = await consent(await begin())
    const finished = moved.engine.plugins.finishAuthorization(ada, 'fitbit', callback)
    await expect(finished).rejects.toMatchObject({ code: 'expired' })
    expect(tokenRequests()).toBe(0)
  } finally {
    await moved.close()
  }
})

test('a flow that began while the source was simulated ends with nothing asked when it is no more', async () => {
  const environment = { TRIBUTARY_SIMULATE: 'none', GOOGLE_FIT_CLIENT_ID: 'x', GOOGLE_FIT_CLIENT_SECRET: 'y' }
  const other = await createTestEngine({ plugins, environment })
  const { admin, plugins: sources } = other.engine
  try {
    const root = await other.addUser('root@example.org', 'admin')
    await admin.configure(root.user.id, { 'plugin.google-fit.simulate': 'true' })
    const callback = await consent(await sources.startAuthorization(root, 'google-fit'))
    await admin.configure(root.user.id, { 'plugin.google-fit.simulate': 'false' })
    const finished = sources.finishAuthorization(root, 'google-fit', callback)
    await expect(finished).rejects.toMatchObject({ code: 'expired' })
    expect(other.lab.lab.requests('google-fit').some(({ path }) => path.includes('token'))).toBe(false)
  } finally {
    await other.close()
  }
})

test('after ten minutes it has expired', async () => {
  const callback = await consent(await begin())
  tributary.clock.add({ minutes: 10 })
  await expect(finish(callback)).rejects.toMatchObject({ code: 'expired' })
  expect(tokenRequests()).toBe(0)
  await expectNothingStored()
})

test('a code that the provider no longer takes lands with its own code', async () => {
  const callback = await consent(await begin())
  callback.set('code', 'of-yesterday')
  await expect(finish(callback)).rejects.toMatchObject({ code: 'invalid-code' })
  await expectNothingStored()
})

test('a wrong client secret lands with its own code', async () => {
  const callback = await consent(await begin())
  tributary.lab.lab.faults.add({
    source: 'fitbit',
    path: /token/,
    respond: {
      status: 401,
      body: { errors: [{ errorType: 'invalid_client', message: 'x' }], success: false },
    },
  })
  await expect(finish(callback)).rejects.toMatchObject({ code: 'wrong-client' })
  await expectNothingStored()
})

test.each([
  ['invalid_grant', 'invalid-code'],
  ['deleted_client', 'wrong-client'],
  ['org_internal', 'refused'],
  ['admin_policy_enforced', 'refused'],
  ['server_error', 'provider-unavailable'],
])('an exchange that is answered %s with status 200 lands as %s', async (error, code) => {
  const callback = await consent(await begin())
  tributary.lab.lab.faults.add({ source: 'fitbit', path: /token/, respond: { status: 200, body: { error } } })
  await expect(finish(callback)).rejects.toMatchObject({ code })
  await expectNothingStored()
})

test.each([
  ['unauthorized_client', 'wrong-client'],
  ['deleted_client', 'wrong-client'],
  ['invalid_scope', 'wrong-client'],
  ['admin_policy_enforced', 'refused'],
  ['toString', 'provider-unavailable'],
  ['server_error', 'provider-unavailable'],
])('a callback with the error %s lands as %s', async (error, code) => {
  const callback = await consent(await begin())
  callback.delete('code')
  callback.set('error', error)
  await expect(finish(callback)).rejects.toMatchObject({ code })
  expect(tokenRequests()).toBe(0)
  await expectNothingStored()
})

test('why an organization refused the access is said on the card', async () => {
  const callback = await consent(await begin())
  callback.set('error', 'admin_policy_enforced')
  await expect(finish(callback)).rejects.toMatchObject({ code: 'refused' })
  expect(await tributary.engine.plugins.get(ada.user.id, 'fitbit')).toMatchObject({
    reason: expect.stringContaining('The organization of this account does not allow the access.'),
  })
})

test('a provider that does not answer lands with its own code', async () => {
  const callback = await consent(await begin())
  tributary.lab.lab.faults.add({ source: 'fitbit', path: /token/, respond: { status: 503 } })
  await expect(finish(callback)).rejects.toMatchObject({ code: 'provider-unavailable' })
  await expectNothingStored()
})

test('neither state, verifier nor tokens lie in the database in plain', async () => {
  const address = await begin()
  const callback = await consent(await begin())
  await finish(callback)
  const response = await fetch(`${tributary.lab.url}/issued/fitbit`)
  const { issued } = (await response.json()) as { issued: { value: string }[] }
  const secrets = [
    ...issued.map(({ value }) => value),
    address.searchParams.get('state') ?? '',
    callback.get('state') ?? '',
  ]
  expect(secrets.length).toBeGreaterThanOrEqual(5)
  const tables = await tributary.database.query<{ name: string }>(
    `select table_name as name from information_schema.tables where table_schema = 'tributary' and table_type = 'BASE TABLE'`,
  )
  for (const { name } of tables) {
    const rows = await tributary.database.query<{ row: string }>(
      `select t::text as row from tributary.${name} t`,
    )
    for (const secret of secrets) {
      const hex = Buffer.from(secret).toString('hex')
      expect(
        rows.some(({ row }) => row.includes(secret) || row.includes(hex)),
        name,
      ).toBe(false)
    }
  }
})

test('a retired source that is not simulated is refused before the redirect', async () => {
  const real = await createTestEngine({
    plugins,
    environment: { TRIBUTARY_SIMULATE: 'none', FITBIT_CLIENT_ID: 'x', FITBIT_CLIENT_SECRET: 'y' },
  })
  try {
    const user = await real.addUser('cy@example.org')
    await expect(real.engine.plugins.startAuthorization(user, 'fitbit')).rejects.toMatchObject({
      code: 'retired',
    })
  } finally {
    await real.close()
  }
})

test('disconnecting revokes at the provider and keeps or removes the data, as asked', async () => {
  tributary.startWorker()
  await finish(await consent(await begin()))
  await tributary.settled()
  const range = { from: '2026-11-10', to: '2026-11-19' }
  const valuesLeft = async () => {
    const { days } = await tributary.engine.metrics.daily(ada.user.id, range)
    return days.some((day) => Object.values(day.values).some((value) => value !== null))
  }
  await tributary.engine.plugins.disconnect(ada.user.id, 'fitbit', { deleteData: false })
  expect(tributary.lab.lab.requests('fitbit').some(({ path }) => path.includes('revoke'))).toBe(true)
  expect(await tributary.engine.plugins.get(ada.user.id, 'fitbit')).toMatchObject({
    connected: false,
    state: 'disconnected',
  })
  expect(await valuesLeft()).toBe(true)
  await finish(await consent(await begin()))
  await tributary.settled()
  await tributary.engine.plugins.disconnect(ada.user.id, 'fitbit', { deleteData: true })
  expect(await valuesLeft()).toBe(false)
})
