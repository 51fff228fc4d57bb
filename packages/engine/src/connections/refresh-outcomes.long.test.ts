import type { FaultResponse } from '@tributary/provider-lab'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { SignedIn } from '../contract/engine.ts'
import { examplePlugin } from '../testing/example-plugin.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'

let tributary: TestEngine
let ada: SignedIn

beforeEach(async () => {
  tributary = await createTestEngine({
    plugins: [examplePlugin('example')],
    aliases: { example: 'example-service' },
    outgoing: { limits: { answer: 500 } },
  })
  ada = await tributary.addUser('ada@example.org')
  await tributary.connect(ada, 'example')
  tributary.startWorker()
  await tributary.settled()
})

afterEach(() => tributary.close())

const status = () => tributary.engine.plugins.get(ada.user.id, 'example')
const requests = (path: string) =>
  tributary.lab.lab.requests('example').filter((request) => request.path.endsWith(path)).length

async function syncAfterTheEnd(): Promise<void> {
  tributary.clock.add({ hours: 2 })
  await tributary.engine.plugins.sync(ada.user.id, 'example', { startDate: '2026-11-20' })
  await tributary.settled()
}

const html = { 'content-type': 'text/html' }

test.each<[string, FaultResponse]>([
  ['is down', { status: 503 }],
  ['fails and calls it invalid_grant', { status: 500, body: { error: 'invalid_grant' } }],
  ['answers with a page', { status: 200, headers: html, body: '<h1>Sorry</h1>' }],
  ['refuses with a page', { status: 400, headers: html, body: '<h1>invalid_grant</h1>' }],
  ['gives half of JSON', { status: 200, headers: { 'content-type': 'application/json' }, body: '{"access' }],
  ['gives JSON without a token', { status: 200, body: { hello: 'world' } }],
  ['refuses for another reason', { status: 400, body: { error: 'invalid_request' } }],
  ['refuses for another reason with 200', { status: 200, body: { error: 'temporarily_unavailable' } }],
  ['asks to slow down', { status: 429, body: { error: 'slow_down' } }],
  ['sends elsewhere', { status: 302, headers: { location: 'https://elsewhere.example/' } }],
  ['hangs', 'hang'],
])('a token server that %s means: try again', async (_, respond) => {
  tributary.lab.lab.faults.add({ source: 'example', path: /token/, respond })
  await syncAfterTheEnd()
  expect(await status()).toMatchObject({ state: 'retrying', connected: true })
  tributary.clock.add({ minutes: 1 })
  await tributary.settled()
  expect(await status()).toMatchObject({ state: 'connected' })
})

test.each<[string, number, Record<string, string>]>([
  ['invalid_client', 401, {}],
  ['invalid_client', 400, {}],
  ['unauthorized_client', 400, {}],
  ['deleted_client', 401, {}],
  ['deleted_client', 401, { 'www-authenticate': 'Basic realm="tokens"' }],
  ['disabled_client', 401, {}],
  ['org_internal', 403, {}],
  ['admin_policy_enforced', 400, {}],
  ['deleted_client', 200, {}],
])(
  'a token server that answers %s (%i) means that an admin has to act, and nothing is tried again until then',
  async (error, status_, headers) => {
    const respond = { status: status_, headers, body: { error, error_description: 'In its own words.' } }
    tributary.lab.lab.faults.add({ source: 'example', path: /token/, respond })
    await syncAfterTheEnd()
    expect(await status()).toMatchObject({
      state: 'misconfigured',
      connected: true,
      job: { status: 'failed', continuesAt: null },
      reason: expect.not.stringContaining('own words'),
    })
    await tributary.engine.plugins.sync(ada.user.id, 'example', {})
    expect(await status()).toMatchObject({ state: 'connected' })
  },
)

test.each([
  ['invalid_grant', 400],
  ['invalid_grant', 401],
  ['invalid_grant', 200],
  ['bad_refresh_token', 200],
])('a token server that answers %s (%i) asks the person to connect again', async (error, status_) => {
  const respond = { status: status_, body: { error } }
  tributary.lab.lab.faults.add({ source: 'example', path: /token/, respond, times: 10 })
  await syncAfterTheEnd()
  expect(await status()).toMatchObject({
    state: 'needs-reauthorization',
    job: { status: 'failed', continuesAt: null },
  })
})

test.each([429, 503])('a token server that is busy (%i) is asked again when it says so', async (status_) => {
  const respond = { status: status_, headers: { 'retry-after': '45' }, body: {} }
  tributary.lab.lab.faults.add({ source: 'example', path: /token/, respond })
  await syncAfterTheEnd()
  const { job } = await status()
  const wait = tributary.clock.now().until(Temporal.Instant.from(job?.continuesAt ?? ''))
  expect(wait.total('seconds')).toBe(45)
})

test('a refused grant asks the user, and keeps settings, history and schedule', async () => {
  const kept = () =>
    tributary.database.query(
      `select enabled, disabled_streams, history_from, preference, account_id, last_sync_at,
         (select count(*)::integer from tributary.daily_metric_values) as days
       from tributary.user_integrations`,
    )
  await tributary.engine.plugins.change(ada.user.id, 'example', { historyFrom: '2026-10-01' })
  await tributary.settled()
  const before = await kept()
  expect(before).toMatchObject([{ enabled: true, days: expect.any(Number) }])
  tributary.lab.lab.faults.add({
    source: 'example',
    path: /token/,
    respond: { status: 400, body: { error: 'invalid_grant' } },
  })
  await syncAfterTheEnd()
  expect(await status()).toMatchObject({ state: 'needs-reauthorization', connected: true })
  expect(await kept()).toEqual(before)
})

const unauthorized = { status: 401, body: { error: 'invalid_token' } }

test('a 401 on data makes one refresh and one more try', async () => {
  const [tokens, data] = [requests('/token'), requests('/data')]
  tributary.lab.lab.faults.add({ source: 'example', path: /data/, respond: unauthorized })
  await tributary.engine.plugins.sync(ada.user.id, 'example', {})
  expect(await status()).toMatchObject({ state: 'connected' })
  expect([requests('/token') - tokens, requests('/data') - data]).toEqual([1, 2])
})

test('a 401 that stays after the refresh means: try again, and nothing is tried a third time now', async () => {
  const [tokens, data] = [requests('/token'), requests('/data')]
  tributary.lab.lab.faults.add({ source: 'example', path: /data/, times: 10, respond: unauthorized })
  await tributary.engine.plugins.sync(ada.user.id, 'example', {})
  await tributary.settled()
  expect(await status()).toMatchObject({
    state: 'retrying',
    connected: true,
    reason: expect.stringContaining('it renewed a moment ago; it is asked again later') as string,
  })
  expect([requests('/token') - tokens, requests('/data') - data]).toEqual([1, 2])
  tributary.lab.lab.faults.clear()
  tributary.clock.add({ minutes: 1 })
  await tributary.settled()
  expect(await status()).toMatchObject({ state: 'connected' })
})
