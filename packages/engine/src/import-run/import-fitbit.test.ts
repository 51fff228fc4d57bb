import { plugins } from '@tributary/plugins'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { SignedIn } from '../engine.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'
import { readTruth } from '../testing/truth.ts'

let tributary: TestEngine
let ada: SignedIn

beforeAll(async () => {
  tributary = await createTestEngine({ plugins })
  ada = await tributary.addUser('ada@example.org')
  tributary.startWorker()
  await tributary.connect(ada, 'fitbit')
  await tributary.settled()
})

afterAll(() => tributary.close())

test('connecting imports the whole depth, and every daily value equals the truth', async () => {
  const { engine, lab } = tributary
  const range = { from: '2024-11-20', to: '2026-11-20' }
  const truth = await readTruth(lab.url, 'fitbit', range)
  const { days } = await engine.metrics.daily(ada.user.id, {
    ...range,
    metrics: [
      'fitbit.steps',
      'fitbit.sleepLength',
      'fitbit.bedTime',
      'fitbit.wakeUpTime',
      'fitbit.restingHeartRate',
    ],
  })
  expect(days).toEqual(
    truth.map((day) => ({
      date: day.date,
      values: {
        'fitbit.steps': day.steps,
        'fitbit.sleepLength': day.sleepMinutes === null ? null : day.sleepMinutes * 60,
        'fitbit.bedTime': day.bedTime,
        'fitbit.wakeUpTime': day.wakeUpTime,
        'fitbit.restingHeartRate': day.restingHeartRate,
      },
    })),
  )
  expect(days.filter(({ values }) => values['fitbit.steps'] !== null).length).toBeGreaterThan(700)
})

test('importing twice writes nothing', async () => {
  const job = await tributary.engine.plugins.sync(ada.user.id, 'fitbit', {})
  expect(job).toMatchObject({
    status: 'succeeded',
    reason: null,
    counts: { new: 0, changed: 0, removed: 0, rejected: 0 },
  })
  expect(job.counts.unchanged).toBeGreaterThan(20)
})
