import { plugins } from '@tributary/plugins'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { SignedIn } from '../contract/engine.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'

const source = 'google-health'
const days = { startDate: '2026-11-18', endDate: '2026-11-19' }
let tributary: TestEngine
let ada: SignedIn

beforeAll(async () => {
  tributary = await createTestEngine({
    plugins,
    labOptions: { [source]: { heartRateSeconds: 10 } },
    requestLimits: { [source]: 100_000 },
  })
  ada = await tributary.addUser('ada@example.org')
  await tributary.connect(ada, source)
  await tributary.engine.plugins.change(ada.user.id, source, {
    streams: ['heartIntraday', 'stepsIntraday'],
    historyFrom: days.startDate,
  })
  tributary.startWorker()
  await tributary.settled()
})

afterAll(() => tributary.close())

const count = async () => {
  const rows = await tributary.database.query<{ count: number }>(
    `select count(*)::integer as count from tributary.measurements
     join tributary.series s on s.id = series_id
     where field = 'heartRate' and start_at >= '2026-11-18 00:00+01' and start_at < '2026-11-20 00:00+01'
     group by (start_at at time zone 'Europe/Berlin')::date order by (start_at at time zone 'Europe/Berlin')::date`,
  )
  return rows.map((row) => row.count)
}

const means = async () => {
  const range = { from: days.startDate, to: days.endDate, metrics: [`${source}.heartRate`] }
  const daily = await tributary.engine.metrics.daily(ada.user.id, range)
  return daily.days.map(({ values }) => Number(values[`${source}.heartRate`]))
}

const detail = async () => {
  const { streams } = await tributary.engine.plugins.get(ada.user.id, source)
  return Object.fromEntries(streams.map(({ id, keepEvery }) => [id, keepEvery]))
}

async function reached(status: string): Promise<void> {
  const { remaps } = tributary.engine
  await expect.poll(async () => (await remaps.get(ada.user.id, source))?.status).toBe(status)
}

test('one heart rate a minute is kept of what is imported from then on, and the day’s mean stays', async () => {
  const { engine, clock } = tributary
  const before = { counts: await count(), means: await means() }
  expect(before.counts.every((all) => all > 5000)).toBe(true)
  expect(await detail()).toMatchObject({ heartIntraday: 0, stepsIntraday: 0, activity: null })
  await engine.plugins.change(ada.user.id, source, { keepEvery: { heartIntraday: 60 } })
  expect(await detail()).toMatchObject({ heartIntraday: 60 })
  expect(await count()).toEqual(before.counts)

  clock.add({ minutes: 1 })
  expect((await tributary.sync(ada, source, days)).status).toBe('succeeded')
  const counts = await count()
  for (const kept of counts) {
    expect(kept).toBeLessThanOrEqual(1440)
    expect(kept).toBeGreaterThan(1000)
  }
  for (const [at, mean] of (await means()).entries())
    expect(Math.abs(mean - (before.means[at] ?? 0))).toBeLessThan(0.5)
})

test('another detail reaches what is stored when it is read again, and every measurement comes back', async () => {
  const { engine, clock, lab } = tributary
  const asked = lab.lab.requests(source).length
  for (const [seconds, most] of [
    [900, 96],
    [0, 8640],
  ] as const) {
    clock.add({ minutes: 1 })
    await engine.plugins.change(ada.user.id, source, { keepEvery: { heartIntraday: seconds } })
    await engine.remaps.begin(ada.user.id, source)
    await reached('ready')
    await engine.remaps.apply(ada.user.id, source)
    await reached('applied')
    for (const kept of await count()) {
      expect(kept).toBeLessThanOrEqual(most)
      expect(kept).toBeGreaterThan(most * 0.6)
    }
  }
  expect(lab.lab.requests(source).length).toBe(asked)
})

test('of steps the sum of each device stays, one count in fifteen minutes', async () => {
  const { engine, clock } = tributary
  const read = () =>
    tributary.database.query<{ origin: string; day: string; sum: number; longest: number; count: number }>(
      `select origin, (start_at at time zone 'Europe/Berlin')::date::text as day, sum(value),
         max(extract(epoch from end_at - start_at))::integer as longest, count(*)::integer
       from tributary.measurements join tributary.series s on s.id = series_id
       where field = 'stepsIntraday' and start_at >= '2026-11-18 00:00+01' and start_at < '2026-11-20 00:00+01'
       group by 1, 2 order by 1, 2`,
    )
  const before = await read()
  expect(new Set(before.map(({ origin }) => origin)).size).toBe(2)
  expect(before.every(({ longest }) => longest === 60)).toBe(true)
  clock.add({ minutes: 1 })
  await engine.plugins.change(ada.user.id, source, { keepEvery: { stepsIntraday: 900 } })
  await engine.plugins.sync(ada.user.id, source, days)
  await tributary.settled()
  const after = await read()
  const sums = (rows: typeof after) => rows.map(({ origin, day, sum }) => [origin, day, sum])
  expect(sums(after)).toEqual(sums(before))
  for (const { count: kept, longest } of after) {
    expect(kept).toBeLessThanOrEqual(96)
    expect(longest).toBe(900)
  }
  const { days: daily } = await engine.metrics.daily(ada.user.id, {
    from: days.startDate,
    to: days.endDate,
    metrics: [`${source}.stepsIntraday`],
  })
  expect(daily.every(({ values }) => values[`${source}.stepsIntraday`] === null)).toBe(true)
})

test.each([
  ['a stream that there is not', { nothing: 60 }, 'Google Health has no stream "nothing".'],
  [
    'a stream of daily values',
    { activity: 60 },
    'Activity has no measurements of which fewer could be kept.',
  ],
  [
    'a length that is none of those offered',
    { heartIntraday: 45 },
    'Of Heart rate through the day one measurement in 60, 300, 900 seconds can be kept, or every one (0).',
  ],
])('%s is refused', async (_, keepEvery, message) => {
  await expect(
    tributary.engine.plugins.change(ada.user.id, source, { keepEvery: keepEvery as Record<string, number> }),
  ).rejects.toMatchObject({ status: 422, message })
})
