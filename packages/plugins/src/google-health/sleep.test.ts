import { expect, test } from 'vitest'
import { mapPages } from '../testing/map-pages.ts'
import { sleep } from './sleep.ts'

const session = (from: string, to: string | undefined, metadata: object, minutesAsleep?: string) => ({
  sleep: {
    interval: {
      startTime: from,
      startUtcOffset: '3600s',
      ...(to ? { endTime: to, endUtcOffset: '3600s' } : {}),
    },
    metadata,
    ...(minutesAsleep ? { summary: { minutesAsleep } } : {}),
  },
})
const night = (metadata: object, minutes?: string) =>
  session('2026-11-17T22:30:00Z', '2026-11-18T06:00:00Z', metadata, minutes)
const nap = (metadata: object, minutes?: string) =>
  session('2026-11-18T13:00:00Z', '2026-11-18T14:00:00Z', metadata, minutes)
const unsettled = [{ date: '2026-11-18', fields: {}, unsettled: true }]
const value = [{ date: '2026-11-18', fields: { sleepLength: 24_000, bedTime: -30, wakeUpTime: 420 } }]
const done = { processed: true, mainSleep: true }

test.each([
  ['the marked one counts', [nap({ processed: true, nap: true }, '50'), night(done, '400')], value],
  [
    'without marks the longest counts',
    [nap({ processed: true }, '50'), night({ processed: true }, '400')],
    value,
  ],
  ['a nap alone is no night', [nap({ processed: true, nap: true }, '50')], []],
  [
    'one that goes on has none, and leaves its day unsettled',
    [session('2026-11-17T22:30:00Z', undefined, { processed: false })],
    unsettled,
  ],
  ['stages that are still computed have none', [night({ processed: false })], unsettled],
  ['a summary before its time is none', [night({ processed: false }, '400')], unsettled],
  [
    'nor does a nap stand in for a night that is still computed',
    [night({ processed: false }), nap({ processed: true }, '50')],
    unsettled,
  ],
  [
    'a nap that is still computed takes nothing from the night',
    [nap({ processed: false }), night(done, '400')],
    value,
  ],
])('%s', async (_, dataPoints, expected) => {
  expect(await mapPages(sleep, [{ dataPoints }])).toEqual(expected)
})

test('minutes by stage become seconds, and a stage that nobody knows is left out', async () => {
  const { sleep: main } = night(done, '400')
  const stagesSummary = [
    { type: 'DEEP', minutes: '61', count: '4' },
    { type: 'LIGHT', minutes: 250 },
    { type: 'REM', minutes: '89' },
    { type: 'AWAKE', minutes: '0' },
    { type: 'SOMETHING', minutes: '3' },
  ]
  const [record] = await mapPages(sleep, [
    { dataPoints: [{ sleep: { ...main, summary: { minutesAsleep: '400', stagesSummary } } }] },
  ])
  expect(record).toEqual({
    date: '2026-11-18',
    fields: { ...value[0]!.fields, sleepDeep: 3660, sleepLight: 15_000, sleepRem: 5340, sleepAwake: 0 },
  })
})

test('it is read again for a week, and not taken for none before the third day', () => {
  expect(sleep).toMatchObject({ lookbackDays: 7, settlesAfterDays: 3 })
})
