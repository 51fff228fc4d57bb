import { describe, expect, test } from 'vitest'
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

test('each day has its own night, whatever page it is on, and two that are marked are parts of one', async () => {
  const before = session('2026-11-16T22:00:00Z', '2026-11-17T06:00:00Z', done, '450')
  const morning = session('2026-11-18T07:00:00Z', '2026-11-18T08:00:00Z', done, '55')
  const pages = [{ dataPoints: [morning, night(done, '400')], nextPageToken: 'a' }, { dataPoints: [before] }]
  expect(await mapPages(sleep, pages)).toEqual([
    { date: '2026-11-17', fields: { sleepLength: 27_000, bedTime: -60, wakeUpTime: 420 } },
    { date: '2026-11-18', fields: { sleepLength: 27_300, bedTime: -30, wakeUpTime: 540 } },
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

describe('what a session may lack', () => {
  const interval = { startTime: '2026-11-17T22:30:00Z', endTime: '2026-11-18T06:00:00Z' }
  const map = (...sleeps: object[]) =>
    mapPages(sleep, [{ dataPoints: sleeps.map((one) => ({ sleep: one })) }])
  const recorded = (more: object, offset?: string) => ({
    interval: { ...interval, ...(offset ? { startUtcOffset: offset, endUtcOffset: offset } : {}) },
    ...more,
  })
  const slept = { summary: { minutesAsleep: '400' } }
  const later = session('2026-11-19T22:00:00Z', '2026-11-20T06:00:00Z', {}, '450').sleep
  const laterNight = { date: '2026-11-20', fields: { sleepLength: 27_000, bedTime: -60, wakeUpTime: 420 } }

  test('offsets: it is placed by the zone of the person', async () => {
    expect(await map(recorded(slept))).toEqual(value)
    expect(await map(recorded(slept, '-18000s'))).toEqual([
      { date: '2026-11-18', fields: { sleepLength: 24_000, bedTime: -390, wakeUpTime: 60 } },
    ])
  })

  test('an interval that can be read: it is rejected alone', async () => {
    const backwards = {
      startTime: '2026-11-18T06:00:00Z',
      endTime: '2026-11-18T05:00:00Z',
      endUtcOffset: '3600s',
    }
    const [one, other, night] = await map(
      { interval: { ...interval, startUtcOffset: 'soon' }, ...slept },
      { interval: backwards, ...slept },
      later,
    )
    expect(one).toMatchObject({ rejected: expect.stringContaining('startUtcOffset') as string })
    expect(one).not.toHaveProperty('dates')
    expect(other).toMatchObject({
      rejected: expect.stringContaining('ends before it starts') as string,
      dates: ['2026-11-18'],
    })
    expect(night).toEqual(laterNight)
  })

  test('minutes asleep: there were none, unless its stages tell of some', async () => {
    const summary = { minutesAwake: '450', minutesInSleepPeriod: '450' }
    expect(await map(recorded({ summary }, '3600s'), later)).toEqual([laterNight])
    const stagesSummary = [
      { type: 'LIGHT', minutes: '300' },
      { type: 'DEEP', minutes: '60' },
      { type: 'AWAKE', minutes: '90' },
      { type: 'REM', minutes: 'some' },
    ]
    expect(await map(recorded({ summary: { stagesSummary } }, '3600s'))).toEqual([
      {
        date: '2026-11-18',
        fields: {
          ...value[0]!.fields,
          sleepLength: 21_600,
          sleepLight: 18_000,
          sleepDeep: 3600,
          sleepAwake: 5400,
        },
      },
    ])
  })

  test('a summary: its stages tell, without short awakenings and the time out of bed', async () => {
    const segment = (type: string | undefined, startTime: string, endTime: string) => ({
      ...(type ? { type } : {}),
      startTime: `2026-11-${startTime}:00Z`,
      endTime: `2026-11-${endTime}:00Z`,
    })
    const stages = [
      segment('LIGHT', '17T22:30', '18T02:00'),
      segment('DEEP', '18T02:00', '18T03:00'),
      segment('AWAKE', '18T03:00', '18T03:30'),
      segment('RESTLESS', '18T03:30', '18T03:40'),
      segment('SLEEP_STAGE_TYPE_UNSPECIFIED', '18T03:40', '18T04:40'),
      segment(undefined, '18T04:40', '18T05:40'),
      segment('DREAMING', '18T05:40', '18T06:00'),
      { type: 'REM', startTime: 'unknown' },
    ]
    const over = {
      shortAwakenings: [segment('AWAKE', '18T01:00', '18T01:02')],
      outOfBedSegments: [segment(undefined, '18T02:10', '18T02:20')],
    }
    const [night] = await map(recorded({ stages, ...over }, '3600s'))
    expect(night).toEqual({
      date: '2026-11-18',
      fields: {
        bedTime: -30,
        wakeUpTime: 420,
        sleepLength: (210 - 2 + 60 - 10 + 60 + 60) * 60,
        sleepLight: 208 * 60,
        sleepDeep: 50 * 60,
        sleepAwake: (2 + 10 + 30 + 10) * 60,
      },
    })
  })

  test('stages and summary: a shorter one of the same night that has them counts', async () => {
    const longer = session('2026-11-17T22:00:00Z', '2026-11-18T06:20:00Z', {}).sleep
    expect(await map(longer, recorded(slept, '3600s'))).toEqual(value)
  })
})

test('a sleep that goes on leaves its day unsettled beside the night that ended', async () => {
  const again = session('2026-11-18T08:00:00Z', undefined, { processed: false })
  expect(await mapPages(sleep, [{ dataPoints: [night({ processed: true }, '400'), again] }])).toEqual([
    { ...value[0]!, unsettled: true },
  ])
})

test('a night in two parts counts as one, also where it is split at midnight', async () => {
  const first = session('2026-11-17T20:00:00Z', '2026-11-17T22:50:00Z', {}, '160')
  const second = session('2026-11-17T23:30:00Z', '2026-11-18T05:30:00Z', {}, '340')
  expect(
    await mapPages(sleep, [{ dataPoints: [second, first] }], { from: '2026-11-18', to: '2026-11-18' }),
  ).toEqual([{ date: '2026-11-18', fields: { sleepLength: 30_000, bedTime: -180, wakeUpTime: 390 } }])
})
