import { plugins } from '@tributary/plugins'
import type { Change, FaultResponse } from '@tributary/provider-lab'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { SignedIn } from '../contract/engine.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'
import { listDifferences, readStoredValues, readTrueValues } from '../testing/true-values.ts'

const source = 'google-health'
const days = { from: '2026-10-22', to: '2026-11-18' }
const looked = { source, streams: ['sleep', 'workouts'] }

let tributary: TestEngine
let ada: SignedIn

beforeEach(async () => {
  tributary = await createTestEngine({
    plugins,
    requestLimits: { [source]: 100_000 },
    labOptions: { [source]: { largestPage: 3 } },
  })
  ada = await tributary.addUser('ada@example.org')
  await tributary.connect(ada, source)
  await tributary.engine.plugins.change(ada.user.id, source, {
    historyFrom: days.from,
    streams: ['sleep', 'workouts'],
  })
  tributary.startWorker()
  await tributary.settled()
})

afterEach(() => tributary.close())

const stored = () => readStoredValues(tributary, ada.user.id, looked, days)
const differences = async () => listDifferences(await stored(), await readTrueValues(tributary, looked, days))
const asked = (path: RegExp) =>
  tributary.lab.lab.requests(source).filter((request) => path.test(request.path)).length

/** Imports the days once, without waiting for what is tried again. */
async function syncOnce() {
  tributary.clock.add({ minutes: 5 })
  const { id } = await tributary.engine.plugins.sync(ada.user.id, source, {
    startDate: days.from,
    endDate: days.to,
  })
  await tributary.settled()
  return tributary.engine.jobs.get(ada.user.id, id)
}

function befall(path: RegExp, respond: FaultResponse, times = Infinity): void {
  tributary.lab.lab.faults.add({ source, path, times, respond })
}

function change(changed: Change): void {
  tributary.lab.lab.changes.add(changed)
}

describe('an answer that has no end', () => {
  test('of pages by the same token is an error as soon as the token comes again', async () => {
    const before = await stored()
    const requests = asked(/sleep/)
    befall(/sleep/, { pages: 'same-token' }, 500)
    const job = await syncOnce()
    expect(asked(/sleep/) - requests).toBeLessThan(10)
    expect(job).toMatchObject({ status: 'retrying', counts: { removed: 0, changed: 0 } })
    expect(await stored()).toEqual(before)
  })

  test('of pages by ever new tokens is an error after a number of pages', async () => {
    const before = await stored()
    const requests = asked(/exercise/)
    befall(/exercise/, { pages: 'new-tokens' }, 5000)
    const job = await syncOnce()
    expect(asked(/exercise/) - requests).toBeLessThan(2500)
    expect(job).toMatchObject({ status: 'retrying', counts: { removed: 0, changed: 0 } })
    expect(await stored()).toEqual(before)
  })

  test('in one body is an error, and held in memory no further than a limit', async () => {
    const before = await stored()
    const memory = process.memoryUsage().rss
    befall(/sleep/, 'endless-body', 1)
    const job = await syncOnce()
    expect(job).toMatchObject({ status: 'retrying', counts: { removed: 0 } })
    expect(process.memoryUsage().rss - memory).toBeLessThan(400 * 1024 * 1024)
    expect(await stored()).toEqual(before)
  })
})

describe('pages that shift while they are read', () => {
  test.each(['repeat', 'skip'] as const)('(%s) are right again at the next sync', async (pages) => {
    befall(/sleep|exercise/, { pages }, 60)
    await syncOnce()
    tributary.lab.lab.faults.clear()
    await syncOnce()
    expect(await differences()).toEqual([])
  })

  test('do not count what comes twice as two', async () => {
    befall(/sleep|exercise/, { pages: 'repeat' }, 60)
    await syncOnce()
    expect(await differences()).toEqual([])
  })
})

describe('a window that would lose most of what it held', () => {
  const none = { status: 200, body: { dataPoints: [], nextPageToken: '' } }

  test('is asked for a second time, and loses nothing where it was but one answer', async () => {
    const before = await stored()
    const first = asked(/sleep/)
    await syncOnce()
    const requests = asked(/sleep/)
    const pages = requests - first
    befall(/sleep/, none, 1)
    const job = await syncOnce()
    expect(asked(/sleep/) - requests).toBe(1 + pages)
    expect(job).toMatchObject({ status: 'succeeded', counts: { removed: 0 } })
    expect(await stored()).toEqual(before)
  })

  test('covers and loses nothing while the second answer does not come', async () => {
    const before = await stored()
    const covered = () =>
      tributary.database.query(
        `select state, days::text from tributary.coverage where stream = 'sleep' order by 1`,
      )
    await syncOnce()
    const known = await covered()
    befall(/sleep/, none, 1)
    befall(/sleep/, { status: 500 }, 1)
    const job = await syncOnce()
    expect(job).toMatchObject({ status: 'retrying', counts: { removed: 0 } })
    expect(await covered()).toEqual(known)
    const fetches = await tributary.database.query(
      `select from tributary.fetches where job_id = $1 and stream = 'sleep' and covered_at is not null`,
      [job.id],
    )
    expect(fetches).toEqual([])
    tributary.clock.add({ minutes: 1 })
    await tributary.settled()
    expect(await tributary.engine.jobs.get(ada.user.id, job.id)).toMatchObject({ status: 'succeeded' })
    expect(await stored()).toEqual(before)
  })

  test('loses it where the source says so twice', async () => {
    for (let day = Temporal.PlainDate.from(days.from); day.toString() <= days.to; day = day.add({ days: 1 }))
      for (const remove of ['night', 'nap'] as const)
        change({ date: day.toString(), at: tributary.clock.now().toString(), remove })
    const job = await syncOnce()
    expect(job).toMatchObject({ status: 'succeeded' })
    expect(job.counts.removed).toBeGreaterThan(40)
    expect(await differences()).toEqual([])
  })
})

test('minutes that were deleted at the source are gone', async () => {
  const count = async () => {
    const [row] = await tributary.database.query<{ count: number }>(
      `select count(*)::integer as count from tributary.measurements
       where start_at >= '2026-11-17 12:00+01' and start_at < '2026-11-17 20:00+01'`,
    )
    return row?.count
  }
  await tributary.engine.plugins.change(ada.user.id, source, { streams: ['stepsIntraday'] })
  await syncOnce()
  expect(await count()).toBeGreaterThan(20)
  change({
    date: '2026-11-17',
    at: tributary.clock.now().toString(),
    removeMinutes: [12 * 60, 20 * 60],
  })
  expect(await syncOnce()).toMatchObject({ status: 'succeeded' })
  expect(await count()).toBe(0)
})

test('a workout deleted at the source is gone, and the day’s others stay', async () => {
  const truth = await readTrueValues(tributary, looked, days)
  const [date] = [...truth].find(([, { workouts }]) => workouts === 2) ?? []
  if (!date) throw new Error('no day has two workouts')
  change({ date, at: tributary.clock.now().toString(), removeWorkout: 0 })
  expect(await syncOnce()).toMatchObject({ status: 'succeeded' })
  expect((await stored()).get(date)?.['workouts']).toBe(1)
  expect(await differences()).toEqual([])
})

test.each([
  ['a refused connection', 'refuse'],
  ['an answer that was lost', 'lose'],
] as const)('%s is an error, and the next attempt brings what is missing', async (_, respond) => {
  befall(/sleep/, respond, 1)
  const job = await syncOnce()
  expect(job).toMatchObject({ status: 'retrying', counts: { removed: 0 } })
  tributary.clock.add({ seconds: 20 })
  await tributary.settled()
  expect(await tributary.engine.jobs.get(ada.user.id, job.id)).toMatchObject({ status: 'succeeded' })
  expect(await differences()).toEqual([])
})

test('an answer that drips is read to its end', async () => {
  befall(/sleep/, { dripBytes: 1000, everyMs: 5 }, 3)
  expect(await syncOnce()).toMatchObject({ status: 'succeeded', counts: { changed: 0, removed: 0 } })
})

test('a history whose window failed has not succeeded by finding its days failed', async () => {
  await tributary.engine.plugins.change(ada.user.id, source, { historyFrom: '2026-10-01' })
  befall(/exercise/, { status: 500 }, 2)
  for (let attempt = 0; attempt < 4; attempt++) {
    tributary.clock.add({ minutes: 10 })
    await tributary.settled()
  }
  const jobs = await tributary.engine.jobs.list(ada.user.id)
  const refused = jobs.find(({ streams: { workouts } }) => workouts && workouts.requests > workouts.pages)
  expect(refused).toMatchObject({ trigger: 'history', status: 'succeeded' })
  expect(refused?.streams['workouts']?.pages).toBeGreaterThan(0)
  const failed = await tributary.database.query(
    `select stream, days::text from tributary.coverage where state = 'failed' and not isempty(days)`,
  )
  expect(failed).toEqual([])
})
