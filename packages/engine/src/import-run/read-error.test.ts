import { plugins } from '@tributary/plugins'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { SignedIn } from '../contract/engine.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'

const source = 'google-health'
let tributary: TestEngine
let ada: SignedIn

beforeEach(async () => {
  tributary = await createTestEngine({ plugins })
  ada = await tributary.addUser('ada@example.org')
  tributary.startWorker()
})

afterEach(() => tributary.close())

async function connect() {
  await tributary.connect(ada, source)
  await tributary.engine.plugins.change(ada.user.id, source, { historyFrom: '2026-11-10' })
  await tributary.settled()
}

const status = () => tributary.engine.plugins.get(ada.user.id, source)

/** An answer in Google's envelope, with words of its own that nobody may see. */
function refuse(path: RegExp, code: number, reason: string, times = 50) {
  const body = { error: { code, message: 'Google’s own words', details: [{ reason }] } }
  tributary.lab.lab.faults.add({ source, path, times, respond: { status: code, body } })
}

async function syncOnce() {
  const { id } = await tributary.engine.plugins.sync(ada.user.id, source, {})
  await tributary.settled()
  return tributary.engine.jobs.get(ada.user.id, id)
}

test('an account without the service is refused while connecting, and the card says what to do', async () => {
  refuse(/identity/, 400, 'ACCOUNT_NOT_LINKED')
  await expect(tributary.connect(ada, source)).rejects.toMatchObject({
    status: 409,
    code: 'refused',
    message: expect.stringContaining('This Google account has no Google Health yet.'),
  })
  expect(await status()).toMatchObject({
    connected: false,
    state: 'disconnected',
    reason: expect.stringMatching(/^Connecting did not work\. This Google account.*connect again\.$/),
  })
  tributary.lab.lab.faults.clear()
  await tributary.connect(ada, source)
  expect(await status()).toMatchObject({ connected: true, state: 'connected', reason: null })
})

test('the same during an import asks the user to connect again, with the reason', async () => {
  await connect()
  refuse(/dataTypes/, 400, 'ACCOUNT_NOT_LINKED')
  expect(await syncOnce()).toMatchObject({
    status: 'failed',
    reason: expect.stringContaining('no Google Health'),
  })
  expect(await status()).toMatchObject({
    state: 'needs-reauthorization',
    reason: expect.stringContaining('no Google Health'),
  })
})

test('a stream that was not allowed is left out alone, says so, and is not asked again', async () => {
  await connect()
  refuse(/sleep/, 403, 'ACCESS_TOKEN_SCOPE_INSUFFICIENT')
  const job = await syncOnce()
  expect(job).toMatchObject({
    status: 'partial',
    reason: 'Sleep: not allowed at Google; connect again and tick its box.',
  })
  expect(job.counts.unchanged).toBeGreaterThan(0)
  const { state, streams } = await status()
  expect(state).toBe('connected')
  expect(streams.filter(({ granted }) => !granted).map(({ name }) => name)).toEqual(['Sleep'])

  const before = tributary.lab.lab.requests(source).filter(({ path }) => path.includes('sleep')).length
  tributary.clock.add({ minutes: 5 })
  const reason = expect.stringMatching(/^Sleep: not shared by you/)
  expect(await syncOnce()).toMatchObject({ status: 'succeeded', reason })
  expect(tributary.lab.lab.requests(source).filter(({ path }) => path.includes('sleep'))).toHaveLength(before)

  tributary.lab.lab.faults.clear()
  await connect()
  expect((await status()).streams.every(({ granted }) => granted)).toBe(true)
  expect(await syncOnce()).toMatchObject({ status: 'succeeded', reason: null })
})

test.each([
  [401, 'ACCESS_TOKEN_EXPIRED', 'retrying', /asked again later\.$/],
  [403, 'SERVICE_DISABLED', 'misconfigured', /admin enables it/],
  [429, 'RATE_LIMIT_EXCEEDED', 'connected', /goes on by itself\.$/],
])(
  '%i %s settles the connection and says what to do, in no words of Google’s',
  async (code, reason, state, words) => {
    await connect()
    refuse(/dataTypes/, code, reason)
    const job = await syncOnce()
    expect(job.reason).toMatch(words)
    expect(await status()).toMatchObject({ state, reason: job.reason })
    const [row] = await tributary.database.query<{ text: string }>(
      `select string_agg(reason, ' ') as text from
       (select reason from tributary.import_jobs union select reason from tributary.user_integrations) as reasons`,
    )
    expect(row?.text).not.toContain('own words')
  },
)
