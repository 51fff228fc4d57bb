import { definePlugin, ImportError, type MappedRecord } from '@tributary/plugin-sdk'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { ConnectionSettings, SignedIn } from '../contract/engine.ts'
import { examplePlugin } from '../testing/example-plugin.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'

let tributary: TestEngine
let ada: SignedIn
let asked: number
let refused: boolean
let records: (day: string) => MappedRecord[]

/** A source whose one stream needs no scope, a day a request. */
function source() {
  const { plugin } = examplePlugin('example')
  return definePlugin({
    ...plugin,
    fields: { steps: { name: 'Steps', type: 'number', unit: '{steps}', day: 'sum' } },
    streams: {
      days: {
        name: 'Days',
        fields: ['steps'],
        maxDaysPerRequest: 1,
        answers: 'window',
        async *fetchData({ from }) {
          asked += 1
          // Beyond this a history without an end has been seen.
          if (refused && asked < 60) throw new ImportError('not-allowed', 'not allowed there.')
          yield { day: from }
        },
        mapData: (pages) => pages.flatMap(({ day }: { day: string }) => records(day)),
      },
    },
  })
}

beforeEach(async () => {
  asked = 0
  refused = false
  records = (day) => [{ date: day, fields: { steps: 1 } }]
  tributary = await createTestEngine({ plugins: [source()], aliases: { example: 'example-service' } })
  ada = await tributary.addUser('ada@example.org')
})

afterEach(() => tributary.close())

const change = (settings: ConnectionSettings) =>
  tributary.engine.plugins.change(ada.user.id, 'example', settings)
const connect = async () => {
  await tributary.connect(ada, 'example')
  await change({ historyFrom: '2026-11-10' })
  // Not before: history as deep as it is by itself would be under way already.
  tributary.startWorker()
  await tributary.settled()
}
const jobs = () => tributary.engine.jobs.list(ada.user.id)

async function value(day: string) {
  const { days } = await tributary.engine.metrics.daily(ada.user.id, {
    from: day,
    to: day,
    metrics: ['example.steps'],
  })
  return days[0]?.values['example.steps'] ?? null
}

test('a stream that is not allowed and names no scope is not asked for without an end, and its jobs do not succeed', async () => {
  refused = true
  await connect()
  await change({ historyFrom: '2026-06-01' })
  await tributary.settled()
  expect(asked).toBeLessThan(10)
  const all = await jobs()
  expect(new Set(all.map(({ status }) => status))).toEqual(new Set(['failed']))
  expect(all[0]?.reason).toBe('Days: not allowed there.')
})

test('a job whose days failed in another one since it was asked for does not succeed either', async () => {
  await tributary.connect(ada, 'example')
  await change({ historyFrom: '2026-11-10', historyPaused: true })
  const worker = tributary.startWorker()
  await tributary.settled()
  await worker.stop()
  refused = true
  // Both wait for a worker; what a person asks for goes first.
  const days = { startDate: '2026-11-10', endDate: '2026-11-13' }
  const asked = tributary.engine.plugins.sync(ada.user.id, 'example', days)
  await expect.poll(async () => (await jobs()).length).toBe(2)
  await change({ historyPaused: false })
  tributary.startWorker()
  expect(await asked).toMatchObject({ status: 'failed' })
  await tributary.settled()
  const [history] = (await jobs()).filter(({ trigger }) => trigger === 'history')
  expect(history).toMatchObject({ status: 'failed', from: '2026-11-10', reason: 'Days: not allowed there.' })
})

test('windows with more bad records than one statement takes are told and not the end of the job', async () => {
  await connect()
  records = (day) => Array.from({ length: 1100 }, () => ({ date: day, fields: { steps: 'many' } }))
  const days = { startDate: '2026-11-05', endDate: '2026-11-19' }
  const { id } = await tributary.engine.plugins.sync(ada.user.id, 'example', days)
  await tributary.settled()
  expect(await tributary.engine.jobs.get(ada.user.id, id)).toMatchObject({
    status: 'partial',
    counts: { rejected: 15 * 1100 },
  })
})

test.each([
  ['a zero byte in a name', { date: '2026-11-20', fields: { 'ste\0ps': 5 } }],
  ['half a character in a name', { date: '2026-11-20', fields: { 'ste\ud800ps': 5 } }],
  ['a number that JSON has none of', { date: '2026-11-20', fields: { steps: 5n as unknown as number } }],
  ['a number beyond all measure', { date: '2026-11-20', fields: { steps: 1e300 } }],
  ['a measurement beyond all measure', { field: 'steps', start: '2026-11-20T08:00:00Z', value: 1.7e308 }],
] as [string, MappedRecord][])('%s is rejected, and the rest is in', async (_, bad) => {
  records = (day) => [
    { date: day, fields: { steps: 1 } },
    ...(day === '2026-11-20'
      ? [bad, ...('field' in bad ? [{ ...bad, start: '2026-11-20T09:00:00Z' }] : [])]
      : []),
  ]
  await connect()
  const job = (await jobs()).find(({ trigger }) => trigger === 'connect')
  expect(job).toMatchObject({ status: 'partial', reason: expect.stringContaining('could not be read') })
  expect(await value('2026-11-20')).toBe(1)
})

test('a job of a connection that was ended has failed and says so', async () => {
  await connect()
  await tributary.engine.plugins.disconnect(ada.user.id, 'example', { deleteData: false })
  // As one that was asked for at the very moment.
  await tributary.database.query(
    `insert into tributary.import_jobs (user_id, connection_id, source_id, trigger, selection, from_day, to_day, priority, run_after, created_at)
     select user_id, id, source_id, 'schedule', 'due', '2026-11-20', '2026-11-20', 30, '2026-11-20T12:00:00Z', '2026-11-20T12:00:01Z'
     from tributary.user_integrations`,
  )
  await tributary.settled()
  const [job] = await jobs()
  expect(job).toMatchObject({
    trigger: 'schedule',
    status: 'failed',
    reason: 'The connection was ended; connect again.',
  })
  expect(await tributary.engine.plugins.get(ada.user.id, 'example')).toMatchObject({ state: 'disconnected' })
})
