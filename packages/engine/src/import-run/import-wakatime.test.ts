import { plugins } from '@tributary/plugins'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { SignedIn } from '../engine.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'

/** Seconds; `null`: nothing was coded. */
interface TrueDay {
  date: string
  codingSeconds: number | null
  projects: Record<string, number>
  languages: Record<string, number>
}

const range = { from: '2026-07-01', to: '2026-11-20' }

let tributary: TestEngine
let ada: SignedIn

beforeAll(async () => {
  tributary = await createTestEngine({ plugins })
  ada = await tributary.addUser('ada@example.org')
  await tributary.engine.plugins.setKey(ada, 'wakatime', 'lab-key')
  await tributary.engine.plugins.change(ada.user.id, 'wakatime', { historyFrom: range.from })
  tributary.startWorker()
  await tributary.settled()
})

afterAll(() => tributary.close())

test('every day has its true coding time, and none where nothing was coded', async () => {
  const truth = await readTruth()
  const metrics = ['wakatime.codingTime']
  const { days } = await tributary.engine.metrics.daily(ada.user.id, { ...range, metrics })
  expect(days).toEqual(
    truth.map(({ date, codingSeconds }) => ({ date, values: { 'wakatime.codingTime': codingSeconds } })),
  )
  expect(days.some(({ values }) => values['wakatime.codingTime'] === null)).toBe(true)
})

test.each([
  ['codingTimeByProject', ({ projects }: TrueDay) => projects],
  ['codingTimeByLanguage', ({ languages }: TrueDay) => languages],
])('%s has a record for each of the day’s names', async (field, secondsOf) => {
  const stored = await tributary.database.query<{ day: string; dimension: string; value: number }>(
    `select day::text, dimension, value from tributary.daily_records join tributary.series s on s.id = series_id
     where s.source_id = 'wakatime' and field = $1`,
    [field],
  )
  const truth = (await readTruth()).flatMap((day) =>
    Object.entries(secondsOf(day)).map(([dimension, value]) => ({ day: day.date, dimension, value })),
  )
  expect(stored.sort(byDayAndDimension)).toEqual(truth.sort(byDayAndDimension))
  expect(new Set(stored.map(({ dimension }) => dimension)).size).toBeGreaterThan(1)
})

test('importing twice writes nothing', async () => {
  const job = await tributary.engine.plugins.sync(ada.user.id, 'wakatime', {})
  expect(job).toMatchObject({
    status: 'succeeded',
    reason: null,
    counts: { new: 0, changed: 0, removed: 0, rejected: 0 },
  })
  expect(job.counts.unchanged).toBeGreaterThan(10)
})

async function readTruth(): Promise<TrueDay[]> {
  const { from, to } = range
  const response = await fetch(`${tributary.lab.url}/truth/wakatime?from=${from}&to=${to}`)
  const { days } = (await response.json()) as { days: TrueDay[] }
  return days
}

function byDayAndDimension(
  one: { day: string; dimension: string },
  other: { day: string; dimension: string },
): number {
  return one.day.localeCompare(other.day) || one.dimension.localeCompare(other.dimension)
}
