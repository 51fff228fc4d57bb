import { describe, expect, test } from 'vitest'
import { mapPages } from '../testing/map-pages.ts'
import { cardioLoad } from './cardio-load.ts'
import { fitbit } from './fitbit.ts'
import { placeLocalTimes } from './local-times.ts'

const { activity, sleep, breathingRate, weight } = fitbit.plugin.streams

const series = (resource: string, ...values: string[]) => ({
  [`activities-${resource}`]: values.map((value, index) => ({ dateTime: `2026-11-0${index + 1}`, value })),
})

test('a day of zeros is none, whatever calories it has; a day of movement has its zeros', async () => {
  const pages = [
    series('steps', '0', '8421', '0'),
    series('distance', '0', '6.21', '2.5'),
    series('calories', '1680', '2311', '2000'),
    series('minutesFairlyActive', '0', '0', '10'),
    series('minutesVeryActive', '0', '0', '5'),
  ]
  expect(await mapPages(activity, pages)).toEqual([
    { date: '2026-11-02', fields: { steps: 8421, distance: 6.21, calories: 2311, activeMinutes: 0 } },
    { date: '2026-11-03', fields: { steps: undefined, distance: 2.5, calories: 2000, activeMinutes: 15 } },
  ])
})

test.each([{}, { 'activities-steps': {} }, series('floors', '3')])(
  '%j is an error and no empty window',
  async (page) => {
    await expect(mapPages(activity, [page])).rejects.toThrow('off the schema')
  },
)

const on = (day: number, rest: object) => ({ dateTime: `2026-11-0${day}`, ...rest })
test.each([
  ['activity', series('steps', '', '8421'), 'steps'],
  ['activity', series('steps', '-1', '8421'), 'steps'],
  [
    'zoneMinutes',
    {
      'activities-active-zone-minutes': [on(1, { value: {} }), on(2, { value: { activeZoneMinutes: 0 } })],
    },
    'zoneMinutes',
  ],
  [
    'heart',
    {
      'activities-heart': [
        on(1, { value: { restingHeartRate: 'low' } }),
        on(2, { value: { restingHeartRate: 58 } }),
      ],
    },
    'restingHeartRate',
  ],
  ['hrv', { hrv: [on(1, {}), on(2, { value: { dailyRmssd: 34.5 } })] }, 'hrv'],
  ['spo2', [on(1, { value: null }), on(2, { value: { avg: 96 } })], 'spo2'],
  [
    'breathingRate',
    { br: [on(1, { value: { breathingRate: '14' } }), on(2, { value: { breathingRate: 14 } })] },
    'breathingRate',
  ],
  [
    'weight',
    {
      weight: [
        { date: '2026-11-01', time: '07:00:00' },
        { date: '2026-11-02', time: '07:00:00', weight: 75 },
      ],
    },
    'weight',
  ],
])('of %s, a record that cannot be read is rejected alone, with its day', async (stream, page, field) => {
  const records = await mapPages(fitbit.plugin.streams[stream], [page])
  expect(records).toMatchObject([
    { rejected: expect.any(String), dates: ['2026-11-01'] },
    { date: '2026-11-02', fields: { [field]: expect.any(Number) } },
  ])
})

test('a minute that cannot be read is rejected alone, with its day', async () => {
  const dataset = [{ time: '10:00:00' }, { time: '10:01:00', value: 61 }]
  const page = { 'activities-heart': [{ dateTime: '2026-11-01' }], 'activities-heart-intraday': { dataset } }
  expect(await mapPages(fitbit.plugin.streams['heartIntraday'], [page])).toMatchObject([
    { rejected: expect.any(String), record: dataset[0], dates: ['2026-11-01'] },
    { field: 'heartRate', value: 61 },
  ])
})

describe('the sleep of a day', () => {
  const log = (start: string, end: string, minutesAsleep: number, isMainSleep?: boolean) => ({
    dateOfSleep: '2026-11-18',
    startTime: `2026-11-${start}:00.000`,
    endTime: `2026-11-${end}:00.000`,
    minutesAsleep,
    ...(isMainSleep === undefined ? {} : { isMainSleep }),
  })
  const night = log('17T23:10', '18T06:40', 400)
  const nap = log('18T14:00', '18T15:00', 55)

  test.each([
    ['the marked one', [{ ...nap, isMainSleep: true }, night], 55],
    ['the longest where none is marked', [nap, night], 400],
    ['no nap, where that is all there is', [{ ...nap, isMainSleep: false }], undefined],
  ])('is %s', async (_, logs, minutes) => {
    for (const order of [logs, logs.toReversed()]) {
      const records = await mapPages(sleep, [{ sleep: order }])
      const lengths = records.map((record) => 'fields' in record && record.fields['sleepLength'])
      expect(lengths).toEqual(minutes === undefined ? [] : [minutes * 60])
    }
  })

  const map = (...logs: object[]) => mapPages(sleep, [{ sleep: logs }])
  const second = log('18T07:10', '18T08:40', 80)

  test('is the night in both of its parts, but where one of them is marked', async () => {
    expect(await map(second, night)).toEqual([
      { date: '2026-11-18', fields: { sleepLength: 28_800, bedTime: -50, wakeUpTime: 520 } },
    ])
    const marked = [
      { ...night, isMainSleep: true },
      { ...second, isMainSleep: false },
    ]
    expect(await map(...marked)).toEqual([
      { date: '2026-11-18', fields: { sleepLength: 24_000, bedTime: -50, wakeUpTime: 400 } },
    ])
  })

  test('is told by its levels where its length is not', async () => {
    const { minutesAsleep: _, ...unknown } = night
    const summary = Object.fromEntries(
      Object.entries({ deep: 60, light: 250, rem: 80, wake: 60 }).map(([name, count]) => [
        name,
        { minutes: count },
      ]),
    )
    expect(await map({ ...unknown, levels: { summary } })).toMatchObject([
      { fields: { sleepLength: 390 * 60, sleepDeep: 3600, sleepAwake: 3600 } },
    ])
    const data = [
      { level: 'light', seconds: 20_000 },
      { level: 'wake', seconds: 4000 },
      { level: 'deep', seconds: 3000 },
    ]
    const levels = { data, shortData: [{ level: 'wake', seconds: 120 }] }
    expect(await map({ ...unknown, levels })).toMatchObject([{ fields: { sleepLength: 22_880 } }])
    expect(await map(unknown)).toEqual([{ date: '2026-11-18', fields: {}, unsettled: true }])
  })

  test('counts where another log cannot be read, which is rejected alone', async () => {
    const odd = { ...log('20T23:10', '20T22:00', 60), dateOfSleep: '2026-11-20' }
    expect(await map(odd, { ...nap, startTime: 'soon' }, night)).toMatchObject([
      { rejected: 'it ends before it starts', dates: ['2026-11-20'] },
      { rejected: expect.stringContaining('startTime') as string, dates: ['2026-11-18'] },
      { date: '2026-11-18', fields: { sleepLength: 24_000 } },
    ])
  })

  test('is as long as it was where the clock goes back in it', async () => {
    const logs = [
      { dateOfSleep: '2026-10-25', startTime: '2026-10-24T23:00:00.000', endTime: '2026-10-25T02:50:00.000' },
      { dateOfSleep: '2026-10-25', startTime: '2026-10-25T02:10:00.000', endTime: '2026-10-25T07:00:00.000' },
    ]
    expect(await map({ ...logs[0], minutesAsleep: 220 }, { ...logs[1], minutesAsleep: 280 })).toEqual([
      { date: '2026-10-25', fields: { sleepLength: 30_000, bedTime: -60, wakeUpTime: 420 } },
    ])
  })
})

test('the last weighing of a day counts, and a breathing rate that could not be told is none', async () => {
  const weights = {
    weight: [
      { date: '2026-11-18', time: '07:10:00', weight: 74.1 },
      { date: '2026-11-18', time: '21:30:00', weight: 74.9 },
      { date: '2026-11-18', time: '12:00:00', weight: 74.4 },
    ],
  }
  expect(await mapPages(weight, [weights])).toEqual([{ date: '2026-11-18', fields: { weight: 74.9 } }])
  const rates = { br: [{ dateTime: '2026-11-18', value: { breathingRate: -1 } }] }
  expect(await mapPages(breathingRate, [rates])).toEqual([
    { date: '2026-11-18', fields: { breathingRate: undefined } },
  ])
})

test('the cardio load weighs the zones once, twice and three times; without minutes there is none', () => {
  const zones = (...minutes: (number | undefined)[]) =>
    ['Out of Range', 'Fat Burn', 'Cardio', 'Peak'].map((name, index) => ({ name, minutes: minutes[index] }))
  expect(cardioLoad(zones(1300, 30, 20, 5))).toBe(30 + 2 * 20 + 3 * 5)
  expect(cardioLoad(zones(1400, 0, 0, 0))).toBe(0)
  expect(cardioLoad(zones())).toBeUndefined()
  expect(cardioLoad(zones(0, 0, 0, 0))).toBeUndefined()
  expect(cardioLoad([])).toBeUndefined()
})

describe('times of the wall clock', () => {
  const place = (date: string, ...times: string[]) =>
    [
      ...placeLocalTimes(
        date,
        'Europe/Berlin',
        times.map((time) => ({ time })),
      ),
    ].map(({ at }) => new Date(at).toISOString().slice(11, 16))

  test('that come twice as the clock goes back are told apart by their order', () => {
    const times = ['01:59:00', '02:00:00', '02:30:00', '02:00:00', '02:30:00', '03:00:00']
    expect(place('2026-10-25', ...times)).toEqual(['23:59', '00:00', '00:30', '01:00', '01:30', '02:00'])
  })

  test('that the clock skipped are left out', () => {
    expect(place('2026-03-29', '01:59:00', '02:30:00', '03:00:00')).toEqual(['00:59', '01:00'])
  })
})
