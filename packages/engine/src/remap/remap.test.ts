import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { addDays } from '../domain/clock.ts'
import type { SignedIn } from '../contract/engine.ts'
import { changeSteps } from '../testing/change-steps.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'
import { newestByDay } from './plan-remap.ts'

let tributary: TestEngine
let ada: SignedIn
let factor: number

beforeEach(async () => {
  factor = 1
  tributary = await createTestEngine({
    plugins: [changeSteps(() => factor)],
    requestLimits: { fitbit: 100_000 },
  })
  ada = await tributary.addUser('ada@example.org')
  await tributary.connect(ada, 'fitbit')
  tributary.startWorker()
  await tributary.settled()
})

afterEach(() => tributary.close())

const last = '2026-11-19'
const steps = async (metric = 'fitbit.steps') => {
  const range = { from: addDays(last, -99), to: last, metrics: [metric] }
  const { days } = await tributary.engine.metrics.daily(ada.user.id, range)
  return days.map(({ values }) => values[metric])
}

async function reached(status: string): Promise<void> {
  const { remaps } = tributary.engine
  await expect.poll(async () => (await remaps.get(ada.user.id, 'fitbit'))?.status).toBe(status)
}

test('stored answers are read again: compared first, shown, and written when the user says so; no provider is asked', async () => {
  const before = await steps()
  const asked = tributary.lab.lab.requests('fitbit')
  factor = 2
  await tributary.engine.remaps.begin(ada.user.id, 'fitbit')
  await reached('ready')
  expect(await steps()).toEqual(before)
  const remap = await tributary.engine.remaps.get(ada.user.id, 'fitbit')
  const days = await tributary.database.query<{ count: number }>(
    `select count(*)::integer as count from tributary.daily_metric_values where metric_name = 'fitbit.steps'`,
  )
  expect(remap?.preview).toMatchObject({ records: days[0]?.count, measurements: 0, unreadable: 0 })
  expect(remap?.preview?.dailyValues).toBe(2 * (days[0]?.count ?? 0))
  expect(remap?.preview?.largest).toHaveLength(20)
  expect(remap?.preview?.largest[0]).toMatchObject({ metric: 'fitbit.steps' })

  await tributary.engine.remaps.apply(ada.user.id, 'fitbit')
  await reached('applied')
  expect(await steps()).toEqual(before.map((value) => value && Number(value) * 2))
  expect(await steps('metric.steps')).toEqual(await steps())
  expect(tributary.lab.lab.requests('fitbit')).toEqual(asked)
})

test('a mapping that says the same changes nothing, and nobody is asked', async () => {
  await tributary.engine.remaps.begin(ada.user.id, 'fitbit')
  await reached('applied')
  const remap = await tributary.engine.remaps.get(ada.user.id, 'fitbit')
  expect(remap?.preview).toEqual({ records: 0, measurements: 0, dailyValues: 0, unreadable: 0, largest: [] })
})

test('what an import brings between the look and the writing is read by the new mapping too', async () => {
  factor = 2
  await tributary.engine.remaps.begin(ada.user.id, 'fitbit')
  await reached('ready')
  factor = 3
  await tributary.engine.plugins.sync(ada.user.id, 'fitbit', { startDate: addDays(last, -2), endDate: last })
  await tributary.settled()
  await tributary.engine.remaps.apply(ada.user.id, 'fitbit')
  await reached('applied')
  factor = 1
  const found = await steps()
  await tributary.engine.plugins.sync(ada.user.id, 'fitbit', { startDate: addDays(last, -99), endDate: last })
  await tributary.settled()
  const plain = await steps()
  expect(found.slice(-3)).toEqual(plain.slice(-3).map((value) => value && Number(value) * 3))
  // What is left of the answer that the import replaced in part is read by the mapping of now.
  expect(found.slice(-6, -3)).toEqual(plain.slice(-6, -3).map((value) => value && Number(value) * 3))
  expect(found.slice(0, -7)).toEqual(plain.slice(0, -7).map((value) => value && Number(value) * 2))
})

test('one that is cancelled writes nothing, and another may begin', async () => {
  const before = await steps()
  factor = 2
  await tributary.engine.remaps.begin(ada.user.id, 'fitbit')
  await reached('ready')
  await tributary.engine.remaps.cancel(ada.user.id, 'fitbit')
  await expect(tributary.engine.remaps.apply(ada.user.id, 'fitbit')).rejects.toMatchObject({ status: 409 })
  expect(await steps()).toEqual(before)
  expect(await tributary.engine.remaps.begin(ada.user.id, 'fitbit')).toMatchObject({ status: 'comparing' })
})

test("a plugin's new mapping begins the comparison by itself, once for each version, and the source says so", async () => {
  const raise = () =>
    createTestEngine({ plugins: [changeSteps(() => 2, { mappingVersion: 2 })], beside: tributary })
  const raised = await raise()
  expect((await raised.engine.plugins.get(ada.user.id, 'fitbit')).remap).toBeNull()
  raised.startWorker()
  await reached('ready')
  const { remap } = await raised.engine.plugins.get(ada.user.id, 'fitbit')
  expect(remap).toEqual({ status: 'ready', because: 'mapping' })
  await raised.engine.remaps.cancel(ada.user.id, 'fitbit')
  await raised.close()
  const again = await raise()
  again.startWorker()
  await again.close()
  expect(await tributary.database.query('select status from tributary.remaps')).toEqual([
    { status: 'cancelled' },
  ])
})

test('what an older mapping found is never written by a newer one: it is compared again', async () => {
  factor = 2
  await tributary.engine.remaps.begin(ada.user.id, 'fitbit')
  await reached('ready')
  const before = await steps()
  tributary.clock.add({ minutes: 1 })
  const raised = await createTestEngine({
    plugins: [changeSteps(() => 3, { mappingVersion: 2 })],
    beside: tributary,
  })
  raised.startWorker()
  const { plugins } = raised.engine
  await expect.poll(async () => (await plugins.get(ada.user.id, 'fitbit')).remap?.because).toBe('mapping')
  await reached('ready')
  const versions = () =>
    tributary.database.query(
      'select distinct mapping_version as version from tributary.fetches where covered_at is not null',
    )
  expect(await versions()).toEqual([{ version: 1 }])
  await raised.engine.remaps.apply(ada.user.id, 'fitbit')
  await reached('applied')
  await raised.close()
  expect(await steps()).toEqual(before.map((value) => value && Number(value) * 3))
  expect(await versions()).toEqual([{ version: 2 }])
})

test('what is stored of the answers is told, as they came and as they lie there', async () => {
  const stored = await tributary.engine.remaps.stored(ada.user.id, 'fitbit')
  expect(stored.fetches).toBeGreaterThan(10)
  expect(stored.pages).toBeGreaterThanOrEqual(stored.fetches)
  expect(stored.bytes).toBeGreaterThan(stored.compressedBytes)
  const [row] = await tributary.database.query<{ bytes: number }>(
    'select sum(octet_length(body))::integer as bytes from tributary.raw_bodies',
  )
  expect(stored.compressedBytes).toBe(row?.bytes)
  const ben = await tributary.addUser('ben@example.org')
  await expect(tributary.engine.remaps.stored(ben.user.id, 'fitbit')).rejects.toMatchObject({ status: 404 })
})

test('of several stored answers the newest that speaks of a day counts', () => {
  const day = (number: number) => addDays('2026-01-01', number)
  const fetched = fc.record({ from: fc.nat({ max: 20 }), length: fc.nat({ max: 8 }) })
  fc.assert(
    fc.property(fc.array(fetched, { maxLength: 12 }), (asked) => {
      const fetches = asked.map(({ from, length }, index) => ({
        id: String(asked.length - index),
        stream: 's',
        data_type: '',
        from_day: day(from),
        to_day: day(from + length),
        zone: null,
        pages_removed_at: null,
      }))
      const windows = newestByDay(fetches, 'UTC')
      for (let number = 0; number <= 30; number++) {
        const newest = fetches.find(
          ({ from_day, to_day }) => from_day <= day(number) && day(number) <= to_day,
        )
        const saying = windows.filter(({ from, to }) => from <= day(number) && day(number) <= to)
        expect(saying.map(({ fetchId }) => fetchId)).toEqual(newest ? [newest.id] : [])
      }
    }),
  )
})
