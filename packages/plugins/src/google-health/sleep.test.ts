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

const placed = (interval: object) => ({
  sleep: { interval, metadata: done, summary: { minutesAsleep: '400' } },
})
test.each([
  [
    'through the night in which the clock is put back',
    {
      startTime: '2026-10-24T21:30:00Z',
      startUtcOffset: '7200s',
      endTime: '2026-10-25T06:05:00Z',
      endUtcOffset: '3600s',
    },
    { date: '2026-10-25', bedTime: -30, wakeUpTime: 425 },
  ],
  [
    'through the night in which the clock is put forward',
    {
      startTime: '2026-03-28T22:30:00Z',
      startUtcOffset: '3600s',
      endTime: '2026-03-29T05:00:00Z',
      endUtcOffset: '7200s',
    },
    { date: '2026-03-29', bedTime: -30, wakeUpTime: 420 },
  ],
  [
    'on a flight to the west, by the clock of each place',
    {
      startTime: '2026-11-17T22:30:00Z',
      startUtcOffset: '3600s',
      endTime: '2026-11-18T07:00:00Z',
      endUtcOffset: '-18000s',
    },
    { date: '2026-11-18', bedTime: -30, wakeUpTime: 120 },
  ],
  [
    'whose end is still the day before where it ended',
    {
      startTime: '2026-11-17T22:30:00Z',
      startUtcOffset: '3600s',
      endTime: '2026-11-18T04:30:00Z',
      endUtcOffset: '-18000s',
    },
    { date: '2026-11-17', bedTime: 1410, wakeUpTime: 1410 },
  ],
  [
    'whose clocks Google tells itself',
    {
      startTime: '2026-11-17T22:30:00Z',
      startUtcOffset: '0s',
      civilStartTime: { date: { year: 2026, month: 11, day: 17 }, time: { hours: 23, minutes: 30 } },
      endTime: '2026-11-18T06:00:00Z',
      endUtcOffset: '0s',
      civilEndTime: { date: { year: 2026, month: 11, day: 18 }, time: { hours: 7 } },
    },
    { date: '2026-11-18', bedTime: -30, wakeUpTime: 420 },
  ],
])('a sleep %s has its day and times', async (_, interval, { date, ...times }) => {
  expect(await mapPages(sleep, [{ dataPoints: [placed(interval)] }])).toEqual([
    { date, fields: { sleepLength: 24_000, ...times } },
  ])
})

test('each day has its own night, whatever page it is on, and of two that are marked the longer counts', async () => {
  const before = session('2026-11-16T22:00:00Z', '2026-11-17T06:00:00Z', done, '450')
  const morning = session('2026-11-18T07:00:00Z', '2026-11-18T08:00:00Z', done, '55')
  const pages = [{ dataPoints: [morning, night(done, '400')], nextPageToken: 'a' }, { dataPoints: [before] }]
  expect(await mapPages(sleep, pages)).toEqual([
    ...value,
    { date: '2026-11-17', fields: { sleepLength: 27_000, bedTime: -60, wakeUpTime: 420 } },
  ])
})

test('minutes by stage become seconds, and a stage that nobody knows is left out', async () => {
  const { sleep: main } = night(done, '400')
  const stagesSummary = [
    { type: 'DEEP', minutes: '61', count: '4' },
    { type: 'LIGHT', minutes: 250 },
    { type: 'REM', minutes: '89' },
    // Google leaves out what is 0.
    { type: 'AWAKE' },
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
