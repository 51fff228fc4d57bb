import { plugins } from '@tributary/plugins'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { SignedIn } from '../contract/engine.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'

/** The fields of the lab's truth that Fitbit has. */
interface TrueDay {
  date: string
  steps: number | null
  distance: number | null
  calories: number | null
  activeMinutes: number | null
  zoneMinutes: number | null
  sleepMinutes: number | null
  sleepDeep: number | null
  sleepLight: number | null
  sleepRem: number | null
  sleepAwake: number | null
  bedTime: number | null
  wakeUpTime: number | null
  restingHeartRate: number | null
  heartRateMean: number | null
  hrv: number | null
  spo2: number | null
  breathingRate: number | null
  weight: number | null
}

const range = { from: '2025-11-20', to: '2026-11-20' }

let tributary: TestEngine
let ada: SignedIn

beforeAll(async () => {
  tributary = await createTestEngine({ plugins })
  ada = await tributary.addUser('ada@example.org')
  await tributary.connect(ada, 'fitbit')
  await tributary.engine.plugins.change(ada.user.id, 'fitbit', { historyFrom: range.from })
  tributary.startWorker()
  await importAll()
})

afterAll(() => tributary.close())

test('connecting imports the whole depth, and every daily value equals the truth', async () => {
  const truth = await readTruth(range)
  const days = await readDaily(range, [
    'steps',
    'distance',
    'calories',
    'activeMinutes',
    'zoneMinutes',
    'sleepLength',
    'bedTime',
    'wakeUpTime',
    'sleepDeep',
    'sleepLight',
    'sleepRem',
    'sleepAwake',
    'restingHeartRate',
    'hrv',
    'spo2',
    'breathingRate',
    'weight',
  ])
  expect(days).toEqual(
    truth.map(({ sleepMinutes, heartRateMean: _, ...day }) => ({
      ...pick(day, ['date', 'steps', 'distance', 'calories', 'activeMinutes', 'zoneMinutes']),
      sleepLength: inSeconds(sleepMinutes),
      sleepDeep: inSeconds(day.sleepDeep),
      sleepLight: inSeconds(day.sleepLight),
      sleepRem: inSeconds(day.sleepRem),
      sleepAwake: inSeconds(day.sleepAwake),
      ...pick(day, ['bedTime', 'wakeUpTime', 'restingHeartRate', 'hrv', 'spo2', 'breathingRate', 'weight']),
    })),
  )
  expect(days.filter(({ steps }) => steps !== null).length).toBeGreaterThan(350)
  expect(days.filter(({ steps }) => steps === null).length).toBeGreaterThan(0)
})

test('a day has a cardio load where its heart was seen, by the weights of its zones', async () => {
  const truth = await readTruth(range)
  const days = await readDaily(range, ['cardioLoad'])
  days.forEach(({ cardioLoad }, index) => {
    const { heartRateMean, zoneMinutes } = truth[index]!
    expect(cardioLoad === null).toBe(heartRateMean === null)
    // A zone minute of Fitbit's weighs peak no more than cardio; the load weighs it thrice.
    expect(cardioLoad ?? 0).toBeGreaterThanOrEqual(zoneMinutes ?? 0)
    expect(cardioLoad ?? 0).toBeLessThanOrEqual((zoneMinutes ?? 0) * 1.5)
  })
})

test('what no API gives has no values', async () => {
  const days = await readDaily(range, ['fitbitReadiness'])
  expect(days.filter(({ fitbitReadiness }) => fitbitReadiness !== null)).toEqual([])
})

test('heart rate and steps by minute come to the days’ true mean and sum, in the night of 25 hours too', async () => {
  const { engine, database, clock } = tributary
  const days = { from: '2026-10-20', to: '2026-11-20' }
  await engine.plugins.change(ada.user.id, 'fitbit', {
    streams: ['heartIntraday', 'stepsIntraday'],
    historyFrom: days.from,
  })
  clock.add({ hours: 1 })
  await engine.plugins.sync(ada.user.id, 'fitbit', { startDate: days.from, endDate: days.to })
  await importAll()
  const truth = await readTruth(days)
  const values = await readDaily(days, ['heartRate', 'stepsIntraday'])
  expect(
    values.map(({ heartRate, ...day }) => ({
      ...day,
      heartRate: heartRate === null ? null : Number(Number(heartRate).toFixed(3)),
    })),
  ).toEqual(
    truth.map(({ date, steps, heartRateMean }) => ({
      date,
      stepsIntraday: steps,
      heartRate: heartRateMean,
    })),
  )
  const [autumn] = await database.query<{ minutes: number }>(
    `select count(*)::integer as minutes from tributary.measurements join tributary.series s on s.id = series_id
     where field = 'heartRate' and start_at >= '2026-10-25 00:00+02' and start_at < '2026-10-26 00:00+01'`,
  )
  expect(autumn?.minutes).toBe(25 * 60)
  const again = await tributary.sync(ada, 'fitbit')
  expect(again).toMatchObject({ status: 'succeeded', counts: { new: 0, changed: 0, removed: 0 } })
})

/** Two years take more requests than Fitbit allows in an hour: what waits for the next goes on in it. */
async function importAll(): Promise<void> {
  const { settled, clock, database } = tributary
  for (;;) {
    await settled()
    const waiting = await database.query(`select from tributary.import_jobs where status = 'waiting'`)
    if (waiting.length === 0) return
    clock.add({ hours: 1 })
  }
}

async function readTruth({ from, to }: { from: string; to: string }): Promise<TrueDay[]> {
  const response = await fetch(`${tributary.lab.url}/truth/fitbit?from=${from}&to=${to}`)
  const { days } = (await response.json()) as { days: TrueDay[] }
  return days
}

async function readDaily(
  days: { from: string; to: string },
  fields: string[],
): Promise<Record<string, string | number | null>[]> {
  const metrics = fields.map((field) => `fitbit.${field}`)
  const found = await tributary.engine.metrics.daily(ada.user.id, { ...days, metrics })
  return found.days.map(({ date, values }) => ({
    date,
    ...Object.fromEntries(fields.map((field) => [field, values[`fitbit.${field}`] ?? null])),
  }))
}

function pick<Whole, Key extends keyof Whole>(whole: Whole, keys: Key[]): Pick<Whole, Key> {
  return Object.fromEntries(keys.map((key) => [key, whole[key]])) as Pick<Whole, Key>
}

function inSeconds(minutes: number | null): number | null {
  return minutes === null ? null : minutes * 60
}
