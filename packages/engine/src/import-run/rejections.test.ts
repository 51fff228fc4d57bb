import { afterEach, beforeEach, expect, test } from 'vitest'
import { definePlugin, type MappedRecord } from '@tributary/plugin-sdk'
import type { SignedIn } from '../contract/engine.ts'
import { examplePlugin } from '../testing/example-plugin.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'

const days = { startDate: '2026-11-01', endDate: '2026-11-19' }

let tributary: TestEngine
let ada: SignedIn
/** The dates whose records cannot be read. */
let bad: string[]
/** What stands in them. */
let worse: unknown
let origin: string | undefined

/** The example service, asked in two pages; a test says which of its records are bad. */
function source() {
  const { plugin } = examplePlugin('example')
  const { days: stream, ...streams } = plugin.streams
  if (!stream) throw new Error('there is no such stream')
  return definePlugin({
    ...plugin,
    streams: {
      ...streams,
      days: {
        ...stream,
        name: 'Days',
        async *fetchData({ http, from, to }) {
          const [last, next] = ['2026-11-10', '2026-11-11']
          if (from <= last) yield await http.get('/data', { start: from, end: to < last ? to : last })
          if (to >= next) yield await http.get('/data', { start: from > next ? from : next, end: to })
        },
        *mapData(pages): Generator<MappedRecord> {
          for (const { entries } of pages)
            for (const { date, score } of entries)
              yield bad.includes(date)
                ? { date, fields: { dailyScore: worse as string }, ...(origin ? { origin } : {}) }
                : { date, fields: { dailyScore: score } }
        },
      },
    },
  })
}

beforeEach(async () => {
  bad = []
  worse = 'none of yours'
  origin = undefined
  tributary = await createTestEngine({ plugins: [source()], aliases: { example: 'example-service' } })
  ada = await tributary.addUser('ada@example.org')
  await tributary.connect(ada, 'example')
  await tributary.database.query('delete from tributary.import_jobs')
  await tributary.engine.plugins.change(ada.user.id, 'example', { historyFrom: days.startDate })
  tributary.startWorker()
  await tributary.settled()
})

afterEach(() => tributary.close())

const sync = () => tributary.sync(ada, 'example', days)
const coverage = (state: string) =>
  tributary.database.query<{ days: string }>(`select days::text from tributary.coverage where state = $1`, [
    state,
  ])
const value = async (date: string) => {
  const { days: found } = await tributary.engine.metrics.daily(ada.user.id, {
    from: date,
    to: date,
    metrics: ['example.dailyScore'],
  })
  return found[0]?.values['example.dailyScore']
}

test('a bad record is kept with its reason and page, and the rest goes on', async () => {
  bad = ['2026-11-12']
  expect(await sync()).toMatchObject({
    status: 'succeeded',
    counts: { rejected: 1 },
    reason: 'Days: 1 record could not be read; the rest is in.',
  })
  expect(
    await tributary.database.query(
      `select page, reason, record->>'date' as date from tributary.import_rejections`,
    ),
  ).toEqual([{ page: 1, reason: 'Daily score is no number', date: '2026-11-12' }])
  expect(await value('2026-11-13')).toBeGreaterThan(0)
})

test('a bad record of the only page of its fetch is told with that page', async () => {
  bad = ['2026-11-12']
  await tributary.sync(ada, 'example', { startDate: '2026-11-11', endDate: '2026-11-19' })
  // History asks a day that failed once more.
  expect(await tributary.database.query('select distinct page from tributary.import_rejections')).toEqual([
    { page: 0 },
  ])
})

test('a day whose record could not be read does not count as one of which the source had none', async () => {
  bad = ['2026-11-12']
  await sync()
  expect(await coverage('has-data')).toEqual([{ days: '{[2026-11-01,2026-11-21)}' }])
  expect(await coverage('had-none')).toEqual([{ days: '{}' }])
  const metric = 'example.dailyScore'
  await tributary.database.query(`delete from tributary.daily_metric_values where day = '2026-11-12'`)
  const { missing } = await tributary.engine.metrics.explain(ada.user.id, {
    metric,
    date: '2026-11-12',
    offset: 0,
  })
  expect(missing?.sentence).toBe('Example was asked for this day and had no value of it that could be read.')
})

test.each([[[]], [true], [' '], ['0x10'], ['\0'], ['5\ud800'], [Number.NaN]])(
  'a value %j is none, and neither a number nor the end of the import',
  async (odd) => {
    worse = odd
    bad = ['2026-11-12']
    expect(await sync()).toMatchObject({ status: 'succeeded', counts: { rejected: 1 } })
    expect(await value('2026-11-13')).toBeGreaterThan(0)
  },
)

test('a name that PostgreSQL takes no text from is rejected with its record', async () => {
  origin = 'watch\0'
  bad = ['2026-11-12']
  worse = 5
  expect(await sync()).toMatchObject({ status: 'succeeded', counts: { rejected: 1 } })
})

test('too many bad records make the job partial and say so; what was stored of their days stays', async () => {
  await sync()
  const before = await value('2026-11-12')
  expect(before).toBeGreaterThan(0)
  bad = ['2026-11-10', '2026-11-11', '2026-11-12']
  const job = await sync()
  expect(job).toMatchObject({ status: 'partial', counts: { rejected: 3, removed: 0 } })
  expect(job.reason).toMatch(
    /^Days: 3 of \d+ records could not be read \(Daily score is no number\); the rest is in\.$/,
  )
  expect(await value('2026-11-12')).toBe(before)
  expect(await coverage('failed')).toEqual([{ days: '{[2026-11-10,2026-11-13)}' }])

  bad = []
  expect(await sync()).toMatchObject({ status: 'succeeded', counts: { rejected: 0 } })
  expect(await coverage('failed')).toEqual([{ days: '{}' }])
})
