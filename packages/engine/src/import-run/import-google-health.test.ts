import { plugins } from '@tributary/plugins'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { SignedIn } from '../contract/engine.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'

/** 120 days; summer time ends in it. */
const range = { from: '2026-07-24', to: '2026-11-20' }
const source = 'google-health'

const fields = [
  'steps',
  'distance',
  'calories',
  'activeCalories',
  'floors',
  'activeMinutes',
  'zoneMinutes',
  'bedTime',
  'wakeUpTime',
  'heartRateMin',
  'heartRateMean',
  'heartRateMax',
  'restingHeartRate',
  'hrv',
  'spo2',
  'breathingRate',
  'vo2Max',
  'weight',
  'bodyFat',
  'workouts',
] as const

/** In minutes in the truth, in seconds here. */
const stages = ['sleepDeep', 'sleepLight', 'sleepRem', 'sleepAwake'] as const

/** What the lab's truth says of a day of Google Health. */
type TrueDay = { date: string; sleepMinutes: number | null } & Record<
  (typeof fields)[number] | (typeof stages)[number],
  number | null
>

describe('a history of 120 days', () => {
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

  test('every daily value equals the truth, and none is missing', async () => {
    const truth = await readTruth(tributary, range)
    const values = await readDaily(tributary, ada, range, [...fields, ...stages, 'sleepLength'])
    expect(values.map(rounded)).toEqual(
      truth.map((day) => ({
        date: day.date,
        ...Object.fromEntries(fields.map((field) => [field, day[field]])),
        ...Object.fromEntries(stages.map((stage) => [stage, inSeconds(day[stage])])),
        sleepLength: inSeconds(day.sleepMinutes),
        // Whether a day without a workout was worn is not said.
        workouts: day.workouts || null,
      })),
    )
    for (const field of fields) expect(values.some((day) => day[field] !== null)).toBe(true)
    expect(values.filter(({ steps }) => steps !== null).length).toBeGreaterThan(110)
  })

  test('the account is known by its health user id, and by the one that it had at Fitbit', async () => {
    const rows = await tributary.database.query(
      'select account_id, account_aliases from tributary.user_integrations',
    )
    expect(rows).toEqual([{ account_id: '4815162342108', account_aliases: ['B7LAB2'] }])
  })

  test('what was measured through the day becomes measurements of its device, and twice the same', async () => {
    tributary.clock.add({ minutes: 1 })
    const { engine, database } = tributary
    const days = { startDate: '2026-11-18', endDate: '2026-11-19' }
    await engine.plugins.change(ada.user.id, source, {
      streams: ['heartIntraday', 'stepsIntraday', 'distanceIntraday', 'activeCaloriesIntraday'],
    })
    const job = await engine.plugins.sync(ada.user.id, source, days)
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
       where start_at >= '2026-11-18 00:00+01' and start_at < '2026-11-20 00:00+01' group by 1, 2, 3 order by 1, 2, 3`,
    )
    const truth = await readTruth(tributary, { from: days.startDate, to: days.endDate })
    const of = (wanted: string, device: string) =>
      stored.filter(({ field, origin }) => field === wanted && origin === device)
    expect(of('heartRate', 'FITBIT Charge 6').map(({ day, mean }) => [day, round(mean, 3)])).toEqual(
      truth.map(({ date, heartRateMean }) => [date, heartRateMean]),
    )
    expect(of('stepsIntraday', 'FITBIT Charge 6').map(({ day, sum }) => [day, sum])).toEqual(
      truth.map(({ date, steps }) => [date, steps]),
    )
    const [distance, kilocalories] = ['distanceIntraday', 'activeCaloriesIntraday'].map((field) =>
      of(field, 'FITBIT Charge 6').map(({ sum }) => sum),
    )
    for (const [at, day] of truth.entries()) {
      expect((distance?.[at] ?? 0) / 1000).toBeCloseTo(day.distance ?? -1, 3)
      expect(kilocalories?.[at]).toBeCloseTo(day.activeCalories ?? -1, 2)
    }
    expect(new Set(stored.map(({ field, origin }) => `${field}: ${origin}`))).toEqual(
      new Set([
        'activeCaloriesIntraday: FITBIT Charge 6',
        'distanceIntraday: FITBIT Charge 6',
        'distanceIntraday: HEALTH_CONNECT com.google.android.apps.fitness Pixel 8',
        'heartRate: FITBIT Charge 6',
        'stepsIntraday: FITBIT Charge 6',
        'stepsIntraday: HEALTH_CONNECT com.google.android.apps.fitness Pixel 8',
      ]),
    )
    const both = { from: days.startDate, to: days.endDate }
    const daily = await readDaily(tributary, ada, both, ['heartRate', 'stepsIntraday', 'steps'])
    expect(daily.map(({ heartRate }) => heartRate && round(heartRate, 3))).toEqual(
      truth.map(({ heartRateMean }) => heartRateMean),
    )
    expect(daily.map(({ stepsIntraday, steps }) => [stepsIntraday, steps])).toEqual(
      truth.map(({ steps }) => [null, steps]),
    )

    const again = await engine.plugins.sync(ada.user.id, source, days)
    expect(again.counts).toMatchObject({ new: 0, changed: 0, removed: 0, rejected: 0 })
    expect(again.counts.unchanged).toBeGreaterThan(2 * 1000)
  })

  test('Google is never asked more than 300 times a minute, and no request is refused', async () => {
    const requests = tributary.lab.lab.requests(source)
    const minutes = Map.groupBy(requests, ({ at }) => at.slice(0, 16))
    expect(requests.length).toBeGreaterThan(40)
    for (const asked of minutes.values()) expect(asked.length).toBeLessThanOrEqual(300)
    const jobs = await tributary.database.query(
      `select status, reason from tributary.import_jobs where status <> 'succeeded' or reason is not null`,
    )
    expect(jobs).toEqual([])
  })
})

test('an import that Google stops for its limit waits and then brings every day', async () => {
  const tributary = await createTestEngine({ plugins, requestLimits: { [source]: 8 } })
  const ada = await tributary.addUser('ada@example.org')
  await tributary.connect(ada, source)
  await tributary.engine.plugins.change(ada.user.id, source, { historyFrom: '2026-09-20' })
  tributary.startWorker()
  await tributary.settled()
  const days = { from: '2026-09-20', to: '2026-11-20' }
  const read = () => readDaily(tributary, ada, days, ['steps', 'sleepLength'])
  expect((await read()).some(({ sleepLength }) => sleepLength === null)).toBe(true)
  for (let minute = 0; minute < 20; minute++) {
    tributary.clock.add({ seconds: 61 })
    await tributary.settled()
  }
  const truth = await readTruth(tributary, days)
  expect(await read()).toEqual(
    truth.map(({ date, steps, sleepMinutes }) => ({
      date,
      steps,
      sleepLength: sleepMinutes === null ? null : sleepMinutes * 60,
    })),
  )
  await tributary.close()
})

describe('on a morning', () => {
  let tributary: TestEngine

  beforeAll(async () => {
    tributary = await createTestEngine({ plugins, now: '2026-11-19T08:10:00Z' })
    tributary.startWorker()
  })

  afterAll(() => tributary.close())

  test.each([
    ['activity_and_fitness', 7],
    ['health_metrics_and_measurements', 4],
    ['sleep', 1],
  ])('who allows %s alone gets all of its %i streams, and nothing else is asked for', async (area, count) => {
    const other = await createTestEngine({ plugins })
    const cyd = await other.addUser('cyd@example.org')
    const scopes = [`https://www.googleapis.com/auth/googlehealth.${area}.readonly`]
    await other.connect(cyd, source, { scopes })
    const { streams } = await other.engine.plugins.get(cyd.user.id, source)
    await other.engine.plugins.change(cyd.user.id, source, {
      streams: streams.map(({ id }) => id),
      historyFrom: '2026-11-15',
    })
    other.startWorker()
    await other.settled()
    expect(streams.filter(({ granted }) => granted)).toHaveLength(count)
    const asked = other.lab.lab.requests(source).filter(({ path }) => path.includes('dataTypes'))
    expect(new Set(asked.map(({ status }) => status))).toEqual(new Set([200]))
    await other.close()
  })

  // First: Google's later consents include what was granted before.
  test('who allows a part of it gets that part, and is told of the others', async () => {
    const bob = await tributary.addUser('bob@example.org')
    await tributary.connect(bob, source, {
      scopes: ['https://www.googleapis.com/auth/googlehealth.sleep.readonly'],
    })
    await tributary.engine.plugins.change(bob.user.id, source, { historyFrom: '2026-11-01' })
    await tributary.settled()
    const job = await tributary.engine.plugins.sync(bob.user.id, source, {})
    expect(job.reason).toContain('Activity, Calories and active minutes')
    const day = { from: '2026-11-18', to: '2026-11-18' }
    const [value] = await readDaily(tributary, bob, day, ['sleepLength', 'steps'])
    expect([value?.['sleepLength'] !== null, value?.['steps']]).toEqual([true, null])
  })

  test('a night whose stages are still computed has no value, and has it when it is read again', async () => {
    const ada = await tributary.addUser('ada@example.org')
    await tributary.connect(ada, source)
    await tributary.engine.plugins.change(ada.user.id, source, { historyFrom: '2026-11-01' })
    await tributary.settled()
    const night = { from: '2026-11-18', to: '2026-11-19' }
    const read = () => readDaily(tributary, ada, night, ['sleepLength', 'bedTime', 'wakeUpTime'])
    const [before, last] = await read()
    expect(before?.['sleepLength']).toBeGreaterThan(0)
    expect(last).toEqual({ date: '2026-11-19', sleepLength: null, bedTime: null, wakeUpTime: null })

    tributary.clock.add({ minutes: 30 })
    await tributary.engine.plugins.sync(ada.user.id, source, {})
    const truth = await readTruth(tributary, night)
    expect(await read()).toEqual(
      truth.map(({ date, sleepMinutes, bedTime, wakeUpTime }) => ({
        date,
        sleepLength: (sleepMinutes ?? Number.NaN) * 60,
        bedTime,
        wakeUpTime,
      })),
    )
  })
})

test('a night that Google does not finish leaves its day open for 72 hours, and is stored whenever it is finished', async () => {
  const stuck = {
    unprocessedNights: ['2026-11-15', '2026-11-18'],
    endlessNights: ['2026-11-16', '2026-11-17'],
  }
  const tributary = await createTestEngine({ plugins, labOptions: { [source]: stuck } })
  const ada = await tributary.addUser('ada@example.org')
  await tributary.connect(ada, source)
  await tributary.engine.plugins.change(ada.user.id, source, { historyFrom: '2026-11-10' })
  tributary.startWorker()
  await tributary.settled()
  const days = { from: '2026-11-14', to: '2026-11-18' }
  const read = async () =>
    (await readDaily(tributary, ada, days, ['sleepLength'])).map(({ sleepLength }) => sleepLength !== null)
  const states = async () => {
    const rows = await tributary.database.query<{ state: string }>(
      `select coalesce(c.state, 'never asked') as state from generate_series('2026-11-14'::date, '2026-11-18', '1 day') as d
       left join tributary.coverage c on stream = 'sleep' and c.days @> d::date order by d`,
    )
    return rows.map(({ state }) => state)
  }
  expect(await read()).toEqual([true, false, false, false, false])
  expect(await states()).toEqual(['has-data', 'had-none', 'had-none', 'not-due-yet', 'not-due-yet'])

  stuck.unprocessedNights = []
  stuck.endlessNights = []
  tributary.clock.add({ minutes: 10 })
  await tributary.engine.plugins.sync(ada.user.id, source, {})
  await tributary.settled()
  expect(await read()).toEqual([true, true, true, true, true])
  expect(new Set(await states())).toEqual(new Set(['has-data']))
  await tributary.close()
})

type Days = { from: string; to: string }

async function readTruth({ lab }: TestEngine, { from, to }: Days): Promise<TrueDay[]> {
  const response = await fetch(`${lab.url}/truth/${source}?from=${from}&to=${to}`)
  const { days } = (await response.json()) as { days: TrueDay[] }
  return days
}

type Day = { date: string } & Record<string, number | null>

async function readDaily(
  { engine }: TestEngine,
  { user }: SignedIn,
  days: Days,
  names: string[],
): Promise<Day[]> {
  const metrics = names.map((field) => `${source}.${field}`)
  const { days: found } = await engine.metrics.daily(user.id, { ...days, metrics })
  return found.map(({ date, values }) => ({
    date,
    ...Object.fromEntries(names.map((field, index) => [field, values[metrics[index]!] ?? null])),
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

function inSeconds(minutes: number | null): number | null {
  return minutes === null ? null : minutes * 60
}
