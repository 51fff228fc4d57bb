import { plugins } from '@tributary/plugins'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { SignedIn } from '../contract/engine.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'

/** What the lab's truth adds to that of every source, and the fields of it that Google Fit has. */
interface TrueDay {
  date: string
  steps: number | null
  distance: number | null
  calories: number | null
  heartMinutes: number | null
  activeMinutes: number | null
  heartRateMin: number | null
  heartRateMean: number | null
  heartRateMax: number | null
  weight: number | null
  sleepMinutes: number | null
  bedTime: number | null
  wakeUpTime: number | null
}

/** Summer time starts and ends in it. */
const range = { from: '2026-03-01', to: '2026-11-20' }
const source = 'google-fit'

let tributary: TestEngine
let ada: SignedIn

beforeAll(async () => {
  tributary = await createTestEngine({ plugins })
  ada = await tributary.addUser('ada@example.org')
  await tributary.connect(ada, source)
  await tributary.engine.plugins.change(ada.user.id, source, { historyFrom: range.from })
  tributary.startWorker()
  await tributary.settled()
})

afterAll(() => tributary.close())

test('every daily value equals the truth, on days of 23 and 25 hours too', async () => {
  const truth = await readTruth(range)
  const values = await readDaily(range, [
    'steps',
    'distance',
    'calories',
    'heartMinutes',
    'activeMinutes',
    'heartRateMin',
    'heartRateMean',
    'heartRateMax',
    'weight',
    'sleepLength',
    'bedTime',
    'wakeUpTime',
  ])
  expect(values.map((day) => rounded(day))).toEqual(
    truth.map(({ sleepMinutes, ...day }) => ({
      date: day.date,
      steps: day.steps,
      distance: day.distance,
      calories: day.calories,
      heartMinutes: day.heartMinutes,
      activeMinutes: day.activeMinutes,
      heartRateMin: day.heartRateMin,
      heartRateMean: day.heartRateMean,
      heartRateMax: day.heartRateMax,
      weight: day.weight,
      sleepLength: sleepMinutes === null ? null : sleepMinutes * 60,
      bedTime: day.bedTime,
      wakeUpTime: day.wakeUpTime,
    })),
  )
  expect(values.filter(({ steps }) => steps !== null).length).toBeGreaterThan(240)
})

test('heart rates and steps become measurements with their data source as origin, and twice the same', async () => {
  const { engine, database } = tributary
  const days = { startDate: '2026-10-20', endDate: '2026-11-02' }
  await engine.plugins.change(ada.user.id, source, {
    streams: ['heartIntraday', 'stepsIntraday'],
    historyFrom: days.startDate,
  })
  const job = await tributary.sync(ada, source, days)
  expect(job).toMatchObject({ status: 'succeeded', counts: { changed: 0, removed: 0, rejected: 0 } })
  await tributary.settled()

  const stored = await database.query<{
    field: string
    origin: string
    day: string
    sum: number
    mean: number
  }>(
    `select field, origin, (start_at at time zone 'Europe/Berlin')::date::text as day, sum(value), avg(value) as mean
     from tributary.measurements join tributary.series s on s.id = series_id
     where start_at >= '2026-10-20 00:00+02' and start_at < '2026-11-03 00:00+01' group by 1, 2, 3 order by 1, 2, 3`,
  )
  const truth = await readTruth({ from: days.startDate, to: days.endDate })
  const worn = truth.filter(({ heartRateMean }) => heartRateMean !== null)
  const heart = stored.filter(({ field }) => field === 'heartRate')
  expect(heart.map(({ day, mean }) => [day, round(mean, 3)])).toEqual(
    worn.map(({ date, heartRateMean }) => [date, heartRateMean]),
  )
  const steps = stored.filter(({ field }) => field === 'stepsIntraday')
  expect(steps.map(({ day, sum }) => [day, sum])).toEqual(worn.map(({ date, steps }) => [date, steps]))
  expect(new Set(stored.map(({ origin }) => origin))).toEqual(
    new Set([
      'raw:com.google.heart_rate.bpm:com.google.android.wearable.fitness:Google:Pixel Watch 2:7d1c0a94:bpm',
      'raw:com.google.step_count.delta:com.google.android.wearable.fitness:Google:Pixel Watch 2:7d1c0a94:steps',
    ]),
  )
  const daily = await readDaily({ from: days.startDate, to: days.endDate }, ['heartRate', 'stepsIntraday'])
  expect(daily.map(({ heartRate }) => heartRate && round(heartRate, 3))).toEqual(
    truth.map(({ heartRateMean }) => heartRateMean),
  )
  expect(daily.every(({ stepsIntraday }) => stepsIntraday === null)).toBe(true)
  const { streams } = await engine.plugins.get(ada.user.id, source)
  expect(streams.filter(({ keepEvery }) => keepEvery !== null).map(({ id }) => id)).toEqual([
    'heartIntraday',
    'stepsIntraday',
  ])

  // What is older than these streams' thirty days is not asked for a second time.
  const again = await tributary.sync(ada, source, { ...days, startDate: '2026-10-22' })
  expect(again.counts).toMatchObject({ new: 0, changed: 0, removed: 0, rejected: 0 })
  expect(again.counts.unchanged).toBeGreaterThan(12 * 1440)
})

async function readTruth({ from, to }: { from: string; to: string }): Promise<TrueDay[]> {
  const response = await fetch(`${tributary.lab.url}/truth/${source}?from=${from}&to=${to}`)
  const { days } = (await response.json()) as { days: TrueDay[] }
  return days
}

type Day = { date: string } & Record<string, number | null>

async function readDaily(days: { from: string; to: string }, fields: string[]): Promise<Day[]> {
  const metrics = fields.map((field) => `${source}.${field}`)
  const { days: found } = await tributary.engine.metrics.daily(ada.user.id, { ...days, metrics })
  return found.map(({ date, values }) => ({
    date,
    ...Object.fromEntries(fields.map((field, index) => [field, values[metrics[index]!] ?? null])),
  })) as Day[]
}

/** As the truth is rounded. */
function rounded(day: Day): Day {
  const decimals: Record<string, number> = { distance: 5, calories: 0, heartRateMean: 3 }
  return Object.fromEntries(
    Object.entries(day).map(([field, value]) => [
      field,
      typeof value === 'number' ? round(value, decimals[field] ?? 12) : value,
    ]),
  ) as Day
}

function round(value: number, decimals: number): number {
  return Number(value.toFixed(decimals))
}
