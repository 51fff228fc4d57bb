import { plugins } from '@tributary/plugins'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { SignedIn } from '../contract/engine.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'
import { readTruth } from '../testing/truth.ts'

let tributary: TestEngine
let ada: SignedIn

beforeEach(async () => {
  tributary = await createTestEngine({ plugins })
  ada = await tributary.addUser('ada@example.org')
  tributary.startWorker()
  await tributary.connect(ada, 'fitbit')
  await tributary.engine.plugins.change(ada.user.id, 'fitbit', { historyPaused: true })
  await tributary.settled()
})

afterEach(() => tributary.close())

async function steps(from: string, to: string) {
  const { days } = await tributary.engine.metrics.daily(ada.user.id, { from, to, metrics: ['fitbit.steps'] })
  return days.map(({ values }) => values['fitbit.steps'] ?? null)
}

const askedForSteps = () =>
  tributary.lab.lab.requests('fitbit').filter(({ path }) => path.includes('activities/steps')).length

test('after an outage of forty days the next sync leaves no hole, though history is paused', async () => {
  tributary.clock.add({ hours: 40 * 24 })
  const job = await tributary.sync(ada, 'fitbit')
  expect(job).toMatchObject({ from: '2026-11-15', to: '2026-12-30', status: 'succeeded' })
  const range = { from: '2026-11-14', to: '2026-12-29' }
  const truth = await readTruth(tributary.lab.url, 'fitbit', range)
  expect(await steps(range.from, range.to)).toEqual(truth.map((day) => day.steps))
})

test('days that failed are asked again by the next sync, long after their look-back', async () => {
  const { engine, clock, lab, settled } = tributary
  lab.lab.faults.add({ source: 'fitbit', path: /activities\/steps/, times: 5, respond: { status: 500 } })
  const days = { startDate: '2026-08-01', endDate: '2026-08-03' }
  const { id } = await engine.plugins.sync(ada.user.id, 'fitbit', days)
  for (let retry = 0; retry < 4; retry++) {
    await settled()
    clock.add({ hours: 1 })
  }
  await settled()
  expect(await engine.jobs.get(ada.user.id, id)).toMatchObject({ status: 'partial' })
  expect(await steps('2026-08-01', '2026-08-03')).toEqual([null, null, null])
  await tributary.sync(ada, 'fitbit')
  const truth = await readTruth(lab.url, 'fitbit', { from: '2026-08-01', to: '2026-08-03' })
  expect(await steps('2026-08-01', '2026-08-03')).toEqual(truth.map((day) => day.steps))
})

test('a stream that was switched off for a while has its last days corrected when it is on again', async () => {
  const day = '2026-11-20'
  const [early] = await steps(day, day)
  await tributary.engine.plugins.change(ada.user.id, 'fitbit', { streams: ['sleep'] })
  for (let days = 0; days < 10; days++) {
    tributary.clock.add({ hours: 24 })
    await tributary.sync(ada, 'fitbit')
  }
  expect(await steps(day, day)).toEqual([early])
  await tributary.engine.plugins.change(ada.user.id, 'fitbit', { streams: ['sleep', 'activity'] })
  await tributary.sync(ada, 'fitbit')
  const [truth] = await readTruth(tributary.lab.url, 'fitbit', { from: day, to: day })
  expect(truth?.steps).toBeGreaterThan(Number(early))
  expect(await steps(day, day)).toEqual([truth?.steps])
})

test('days before all services are asked of none', async () => {
  const { plugins: sources } = tributary.engine
  const days = { startDate: '1900-01-01', endDate: '2026-11-20' }
  await expect(sources.sync(ada.user.id, 'fitbit', days)).rejects.toMatchObject({
    status: 400,
    code: 'bad-range',
  })
  await expect(sources.change(ada.user.id, 'fitbit', { historyFrom: '1900-01-01' })).rejects.toMatchObject({
    status: 422,
    message: 'History begins at 2000-01-01 or later.',
  })
})

test('days that a person names are asked again, though they are covered', async () => {
  const days = { startDate: '2026-11-15', endDate: '2026-11-16' }
  for (let times = 0; times < 2; times++) {
    const before = askedForSteps()
    const job = await tributary.sync(ada, 'fitbit', days)
    expect(job).toMatchObject({ status: 'succeeded', from: '2026-11-15', to: '2026-11-16' })
    expect(askedForSteps()).toBe(before + 1)
  }
})
