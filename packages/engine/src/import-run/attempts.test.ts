import { ImportError } from '@tributary/plugin-sdk'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { ConnectionSettings, SignedIn } from '../contract/engine.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'
import { type TwoStreams, twoStreams, twoStreamsPlugin } from '../testing/two-streams-plugin.ts'

let tributary: TestEngine
let ada: SignedIn
let says: TwoStreams

beforeEach(async () => {
  says = twoStreams()
  tributary = await createTestEngine({
    plugins: [twoStreamsPlugin(says, { one: ['read_data'] })],
    aliases: { example: 'example-service' },
  })
  ada = await tributary.addUser('ada@example.org')
  await tributary.connect(ada, 'example')
  await change({ historyFrom: '2026-11-14' })
  tributary.startWorker()
  await tributary.settled()
  says.asked = []
})

afterEach(() => tributary.close())

const change = (settings: ConnectionSettings) =>
  tributary.engine.plugins.change(ada.user.id, 'example', settings)
const sync = () => tributary.sync(ada, 'example', { startDate: '2026-11-15', endDate: '2026-11-17' })
const unreadable = (stream: string, day: string) => [
  { date: day, fields: { [stream]: stream === 'one' ? 'many' : 1 } },
]

/** Lets the time of each further attempt come. */
async function end(id: string) {
  for (;;) {
    const job = await tributary.engine.jobs.get(ada.user.id, id)
    if (job.status !== 'retrying' && job.status !== 'waiting') return job
    tributary.clock.add({ hours: 1 })
    await tributary.settled()
  }
}

const once = (error: () => ImportError) => {
  let thrown = false
  says.before = (stream) => {
    if (stream !== 'two' || thrown) return
    thrown = true
    throw error()
  }
}

test.each([
  ['a limit', 'waiting', () => new ImportError('rate-limited', 'no more.')],
  ['an outage', 'retrying', () => new ImportError('unavailable', 'Cannot (500).')],
])('what could not be read before %s keeps the job from succeeding after it', async (_, status, error) => {
  once(error)
  says.records = unreadable
  const job = await sync()
  expect(job).toMatchObject({ status })
  expect(await end(job.id)).toMatchObject({
    status: 'partial',
    reason: 'one: 3 of 3 records could not be read (one is no number); the rest is in.',
  })
})

test('a stream that was refused in the first attempt keeps the job from succeeding in the second', async () => {
  let down = true
  says.before = (stream) => {
    if (stream === 'one') throw new ImportError('not-allowed', 'not allowed there.')
    if (down) throw new ImportError('unavailable', 'Cannot (500).')
  }
  const { id, status } = await sync()
  expect(status).toBe('retrying')
  down = false
  expect(await end(id)).toMatchObject({ status: 'partial', reason: 'one: not allowed there.' })
})

test('who asks again while a job waits has it begin again, and what could be read by then is no permanent error', async () => {
  once(() => new ImportError('rate-limited', 'no more.'))
  says.records = unreadable
  const { id } = await tributary.sync(ada, 'example')
  says.records = twoStreams().records
  expect(await tributary.sync(ada, 'example')).toMatchObject({ id, status: 'waiting' })
  expect(await end(id)).toMatchObject({ status: 'succeeded', reason: null })
})

test('an outage is met with back-off, though another stream has what cannot be read', async () => {
  says.before = (stream) => {
    throw stream === 'one'
      ? new ImportError('unavailable', 'Cannot (500).')
      : new ImportError('bad-record', 'odd')
  }
  expect(await sync()).toMatchObject({ status: 'retrying', reason: 'Cannot (500).' })
  expect(says.asked).toHaveLength(2)
})

test('what a source does not allow for a reason that nobody knows stops no other stream', async () => {
  says.before = (stream) => {
    if (stream === 'one') throw new ImportError('misconfigured', 'Example does not allow this request (403).')
  }
  tributary.clock.add({ hours: 24 })
  expect(await tributary.sync(ada, 'example')).toMatchObject({ status: 'partial' })
  const day = { from: '2026-11-21', to: '2026-11-21', metrics: ['example.one', 'example.two'] }
  const { days } = await tributary.engine.metrics.daily(ada.user.id, day)
  expect(days[0]?.values).toEqual({ 'example.one': null, 'example.two': 1 })
})

test.each([
  ['is over already', { hours: -1 }, 5],
  ['lasts for years', { hours: 24 * 3650 }, 86_400],
])('a limit of which a plugin says that it %s is waited for all the same', async (_, until, seconds) => {
  says.before = () => {
    throw new ImportError('rate-limited', 'no more.', { retryAt: tributary.clock.now().add(until) })
  }
  const continuesAt = tributary.clock.now().add({ seconds }).toString()
  expect(await sync()).toMatchObject({ status: 'waiting', continuesAt })
})
