import type { HttpClient } from '@tributary/plugin-sdk'
import { describe, expect, test } from 'vitest'
import { mapPages } from '../testing/map-pages.ts'
import { googleHealth } from './google-health.ts'

const { streams, api, fields, auth } = googleHealth.plugin

/** A client that gives these answers in order, and what it was asked. */
function answering(answers: unknown[]) {
  const asked: { path: string; query?: unknown; body?: unknown }[] = []
  const http = {
    get: (path: string, query: unknown) => {
      asked.push({ path, query })
      return Promise.resolve(answers.shift() ?? {})
    },
    post: (path: string, { body }: { body: unknown }) => {
      asked.push({ path, body })
      return Promise.resolve(answers.shift() ?? {})
    },
  } as unknown as HttpClient
  return { http, asked }
}

/** Fetches a stream, or its data type after a slash: `activity/steps`. */
function fetched(path: string, http: HttpClient, days: { from: string; to: string }) {
  const [stream = '', dataType = ''] = path.split('/')
  return Array.fromAsync(googleHealth.fetchData(stream, { http, dataType, ...days, zone: 'Europe/Berlin' }))
}

const civil = (year: number, month: number, day: number, time = {}) => ({ date: { year, month, day }, time })
const sampleTime = (utc: string, hours?: number) => ({
  physicalTime: `2026-11-18T${utc}:00Z`,
  utcOffset: '3600s',
  ...(hours === undefined ? {} : { civilTime: civil(2026, 11, 18, { hours }) }),
})
const minuteOf = (member: string, fields: object) => ({
  [member]: { interval: { startTime: '2026-11-17T06:05:00Z', endTime: '2026-11-17T06:06:00Z' }, ...fields },
})
const activeMinutes = (activityLevel: string) => ({
  civilStartTime: civil(2026, 11, 18),
  activeMinutes: { activeMinutesRollupByActivityLevel: [{ activityLevel, activeMinutesSum: '7' }] },
})

describe('what is asked', () => {
  test('rollups go by civil days, the end left out', async () => {
    const { http, asked } = answering([])
    await fetched('energy/total-calories', http, { from: '2026-11-18', to: '2026-11-30' })
    expect(asked.map(({ path }) => path)).toEqual([
      '/v4/users/me/dataTypes/total-calories/dataPoints:dailyRollUp',
    ])
    expect(asked[0]?.body).toEqual({
      range: {
        start: { date: { year: 2026, month: 11, day: 18 } },
        end: { date: { year: 2026, month: 12, day: 1 } },
      },
      windowSizeDays: 1,
    })
  })

  test.each([
    [
      'vitals/daily-resting-heart-rate',
      'daily_resting_heart_rate.date >= "2026-11-17" AND daily_resting_heart_rate.date < "2026-11-19"',
    ],
    ['cardioFitness', 'daily_vo2_max.date >= "2026-11-17" AND daily_vo2_max.date < "2026-11-19"'],
    [
      'sleep',
      'sleep.interval.civil_end_time >= "2026-11-16" AND sleep.interval.civil_end_time < "2026-11-20"',
    ],
    [
      'workouts',
      'exercise.interval.civil_start_time >= "2026-11-17" AND exercise.interval.civil_start_time < "2026-11-19"',
    ],
    [
      'body/weight',
      'weight.sample_time.civil_time >= "2026-11-17" AND weight.sample_time.civil_time < "2026-11-19"',
    ],
    [
      'heartIntraday',
      'heart_rate.sample_time.physical_time >= "2026-11-16T23:00:00Z" AND heart_rate.sample_time.physical_time < "2026-11-18T23:00:00Z"',
    ],
  ])('%s is filtered by what Google allows', async (stream, filter) => {
    const { http, asked } = answering([])
    await fetched(stream, http, { from: '2026-11-17', to: '2026-11-18' })
    expect(asked[0]?.query).toMatchObject({ filter })
  })

  test.each(['sleep', 'workouts'])('every page of %s is asked for, 25 sessions each', async (id) => {
    const { http, asked } = answering([{ nextPageToken: 'a' }, { nextPageToken: 'b' }, { nextPageToken: '' }])
    expect(await fetched(id, http, { from: '2026-11-17', to: '2026-11-18' })).toHaveLength(3)
    expect(asked.map(({ query }) => query)).toMatchObject([
      { pageSize: 25, pageToken: undefined },
      { pageSize: 25, pageToken: 'a' },
      { pageSize: 25, pageToken: 'b' },
    ])
  })

  test('rolled up days come in pages too, each asked for with the same body', async () => {
    const { http, asked } = answering([{ nextPageToken: 'a' }, {}])
    await fetched('energy/total-calories', http, { from: '2026-11-18', to: '2026-11-18' })
    const [first, ...others] = asked.map(({ body }) => body as object)
    expect(first).not.toHaveProperty('pageToken')
    expect(others).toEqual([{ ...first, pageToken: 'a' }])
  })

  test.each(['activity', 'energy', 'heart', 'vitals', 'cardioFitness', 'body'])(
    'each data type of %s is fetched by requests of its own',
    async (id) => {
      const types = Object.keys(streams[id]?.dataTypes ?? { '': {} })
      const paths = new Set<string | undefined>()
      for (const type of types) {
        const { http, asked } = answering([])
        await fetched(`${id}/${type}`, http, { from: '2026-11-17', to: '2026-11-18' })
        expect(asked).toHaveLength(1)
        paths.add(asked[0]?.path)
      }
      expect(paths.size).toBe(types.length)
    },
  )

  test.each([
    ['heartIntraday', 'heart_rate.sample_time.physical_time'],
    ['stepsIntraday', 'steps.interval.start_time'],
    ['distanceIntraday', 'distance.interval.start_time'],
    ['activeCaloriesIntraday', 'active_energy_burned.interval.start_time'],
  ])(
    '%s is asked of every device, by the days of the user’s zone, in the largest pages',
    async (id, member) => {
      const { http, asked } = answering([])
      await fetched(id, http, { from: '2026-10-25', to: '2026-10-25' })
      expect(asked).toHaveLength(1)
      expect(asked[0]?.path).toMatch(/\/dataPoints$/)
      expect(asked[0]?.query).toMatchObject({
        filter: `${member} >= "2026-10-24T22:00:00Z" AND ${member} < "2026-10-25T23:00:00Z"`,
        pageSize: 10_000,
      })
    },
  )

  test.each(['vitals/daily-oxygen-saturation', 'cardioFitness', 'body/body-fat', 'sleep', 'workouts'])(
    '%s is asked as Google’s own app shows it, of all devices together',
    async (id) => {
      const { http, asked } = answering([])
      await fetched(id, http, { from: '2026-11-17', to: '2026-11-18' })
      for (const { path } of asked) expect(path).toMatch(/:reconcile$/)
    },
  )

  test('no stream rolls up more days than Google allows', () => {
    expect(streams['activity']?.maxDaysPerRequest).toBe(90)
    for (const id of ['energy', 'heart']) expect(streams[id]?.maxDaysPerRequest).toBe(14)
  })
})

describe('what comes back', () => {
  test('light activity is left out, and zone minutes are those of all zones', async () => {
    const levels = [
      { activityLevel: 'LIGHT', activeMinutesSum: '120' },
      { activityLevel: 'MODERATE', activeMinutesSum: '20' },
      { activityLevel: 'VIGOROUS', activeMinutesSum: 5 },
      // Google leaves out what is 0.
      { activityLevel: 'VIGOROUS' },
    ]
    const active = {
      civilStartTime: civil(2026, 11, 18),
      activeMinutes: { activeMinutesRollupByActivityLevel: levels },
    }
    expect(await mapPages(streams['energy'], [{ rollupDataPoints: [active] }])).toEqual([
      { date: '2026-11-18', fields: { activeMinutes: 25 } },
    ])
    const zones = { sumInFatBurnHeartZone: '10', sumInPeakHeartZone: '4' }
    const point = { civilStartTime: civil(2026, 11, 18), activeZoneMinutes: zones }
    expect(await mapPages(streams['activity'], [{ rollupDataPoints: [point] }])).toEqual([
      { date: '2026-11-18', fields: { zoneMinutes: 14 } },
    ])
  })

  const on = (day: number, value: object) => ({ civilStartTime: civil(2026, 11, day), ...value })

  test.each([
    ['activity', 'steps', { steps: 0 }],
    ['activity', 'distance', { distance: 0 }],
    ['activity', 'activeEnergyBurned', { activeCalories: 0 }],
    ['activity', 'activeZoneMinutes', { zoneMinutes: 0 }],
    ['activity', 'floors', { floors: 0 }],
    ['energy', 'totalCalories', { calories: 0 }],
    // A mean of nothing is none.
    ['energy', 'activeMinutes', {}],
    ['heart', 'heartRate', {}],
  ])('of %s, an empty %s is what its left out number says', async (stream, member, fields) => {
    const window = { ...on(19, { [member]: {} }), civilEndTime: civil(2026, 11, 20) }
    expect(await mapPages(streams[stream], [{ rollupDataPoints: [window] }])).toEqual([
      { date: '2026-11-19', fields },
    ])
  })

  test('a window without a member has no value, and takes none from the days beside it', async () => {
    const points = [on(20, { steps: { countSum: '5000' } }), on(18, {}), on(17, { steps: { countSum: '0' } })]
    expect(await mapPages(streams['activity'], [{ rollupDataPoints: points }])).toEqual([
      { date: '2026-11-20', fields: { steps: 5000 } },
      { date: '2026-11-18', fields: {} },
      { date: '2026-11-17', fields: { steps: 0 } },
    ])
  })

  test('a heart rate whose lowest is left out has the others', async () => {
    const heartRate = { beatsPerMinuteAvg: 71.5, beatsPerMinuteMax: 140 }
    expect(await mapPages(streams['heart'], [{ rollupDataPoints: [on(20, { heartRate })] }])).toEqual([
      { date: '2026-11-20', fields: { heartRateMean: 71.5, heartRateMax: 140 } },
    ])
  })

  test('minutes of which nothing was counted are zeros', async () => {
    for (const [stream, member, field] of [
      ['stepsIntraday', 'steps', 'stepsIntraday'],
      ['distanceIntraday', 'distance', 'distanceIntraday'],
      ['activeCaloriesIntraday', 'activeEnergyBurned', 'activeCaloriesIntraday'],
    ] as const)
      expect(await mapPages(streams[stream], [{ dataPoints: [minuteOf(member, {})] }])).toMatchObject([
        { field, value: 0 },
      ])
  })

  test('an answer without points is an empty window', async () => {
    for (const page of [{}, { nextPageToken: '' }]) {
      expect(await mapPages(streams['activity'], [page])).toEqual([])
      expect(await mapPages(streams['sleep'], [page])).toEqual([])
    }
    expect(await mapPages(streams['sleep'], [{ dataPoints: [] }])).toEqual([])
  })

  const error = { error: { code: 400, status: 'INVALID_ARGUMENT' } }
  test.each([
    ['activity', error],
    ['sleep', error],
    ['activity', { dataPoints: [] }],
    ['vitals', { rollupDataPoints: [] }],
    ['vitals', { dataPoints: null }],
    ['sleep', []],
  ])('of %s, %j is an error and no empty window', async (stream, page) => {
    await expect(mapPages(streams[stream], [page])).rejects.toThrow('off the schema')
  })

  const offset = { sampleTime: { ...sampleTime('06:00'), utcOffset: 'noon' }, weightGrams: 1 }
  test.each([
    ['activity', 'rollupDataPoints', { steps: { countSum: '1' } }, undefined],
    ['activity', 'rollupDataPoints', on(18, { steps: { sum: '1' } }), ['2026-11-18']],
    ['activity', 'rollupDataPoints', on(18, { steps: [] }), ['2026-11-18']],
    ['activity', 'rollupDataPoints', on(18, { paces: { countSum: '1' } }), ['2026-11-18']],
    ['activity', 'rollupDataPoints', on(18, { activeZoneMinutes: { sum: '1' } }), ['2026-11-18']],
    ['activity', 'rollupDataPoints', on(0, { steps: { countSum: '1' } }), undefined],
    ['energy', 'rollupDataPoints', activeMinutes('BRISK'), ['2026-11-18']],
    ['heart', 'rollupDataPoints', on(18, { heartRate: { mean: 70 } }), ['2026-11-18']],
    ['vitals', 'dataPoints', { weight: {} }, []],
    ['vitals', 'dataPoints', { dailyOxygenSaturation: civil(2026, 11, 18) }, ['2026-11-18']],
    ['body', 'dataPoints', { weight: { weightGrams: 70_000 } }, undefined],
    ['body', 'dataPoints', { weight: offset }, ['2026-11-18']],
    ['body', 'dataPoints', { weight: { sampleTime: sampleTime('23:30') } }, ['2026-11-19']],
    ['body', 'dataPoints', { height: {} }, undefined],
    ['heartIntraday', 'dataPoints', { heartRate: { sampleTime: sampleTime('06:00', 7) } }, ['2026-11-18']],
    ['stepsIntraday', 'dataPoints', minuteOf('steps', { steps: '5' }), ['2026-11-17']],
  ])('of %s, of the %s %j alone is rejected, with its days', async (stream, list, point, dates) => {
    expect(await mapPages(streams[stream], [{ [list]: [point] }])).toEqual([
      { rejected: expect.any(String), record: point, ...(dates ? { dates } : {}) },
    ])
  })

  test('a weighing without its offset is placed by the person’s zone', async () => {
    const at = (physicalTime: string) => ({ weight: { sampleTime: { physicalTime }, weightGrams: 70_000 } })
    const page = { dataPoints: [at('2026-11-17T23:30:00Z')] }
    expect(await mapPages(streams['body'], [page], { zone: 'Europe/Berlin' })).toMatchObject([
      { date: '2026-11-18' },
    ])
    expect(await mapPages(streams['body'], [page], { zone: 'America/Lima' })).toMatchObject([
      { date: '2026-11-17' },
    ])
  })

  test('the last weighing of the day counts', async () => {
    const at = (hours: number, weightGrams: number) => ({
      weight: { sampleTime: sampleTime(`${hours - 1}:00`.padStart(5, '0'), hours), weightGrams },
    })
    const fat = { bodyFat: { sampleTime: sampleTime('23:30'), percentage: 20.5 } }
    expect(
      await mapPages(streams['body'], [
        { dataPoints: [at(20, 71_500), at(7, 70_900)] },
        { dataPoints: [fat] },
      ]),
    ).toEqual([
      { date: '2026-11-18', fields: { weight: 71.5 } },
      // No civil time is written: it follows from the offset, past midnight.
      { date: '2026-11-19', fields: { bodyFat: 20.5 } },
    ])
  })

  test('a workout that two pages hold counts once', async () => {
    const interval = {
      startTime: '2026-11-17T18:00:00Z',
      startUtcOffset: '3600s',
      endTime: '2026-11-17T18:25:00Z',
    }
    const point = { dataPointName: 'users/1/dataTypes/exercise/dataPoints/7', exercise: { interval } }
    const other = { ...point, dataPointName: 'users/1/dataTypes/exercise/dataPoints/8' }
    expect(
      await mapPages(streams['workouts'], [{ dataPoints: [other, point] }, { dataPoints: [point] }]),
    ).toEqual([{ date: '2026-11-17', fields: { workouts: 2, workoutTime: 3000 } }])
  })

  test('workouts are counted by the day they began on, and one that goes on is not', async () => {
    const run = (startTime: string, rest: object) => ({
      exercise: { interval: { startTime, startUtcOffset: '3600s', ...rest }, activeDuration: '1500s' },
    })
    const ended = { endTime: '2026-11-17T23:40:00Z', endUtcOffset: '3600s' }
    const page = {
      dataPoints: [
        run('2026-11-17T22:50:00Z', ended),
        run('2026-11-17T18:00:00Z', ended),
        run('2026-11-18T18:00:00Z', {}),
      ],
    }
    expect(await mapPages(streams['workouts'], [page])).toEqual([
      { date: '2026-11-17', fields: { workouts: 2, workoutTime: 3000 } },
    ])
  })
})

test('the account is the health user id, also known by the legacy one, and a response without it names none', async () => {
  const answer = { name: 'users/me/identity', healthUserId: '42', legacyUserId: 'ABC' }
  expect(await api.identify?.(answering([answer]).http)).toEqual({ id: '42', aliases: ['ABC'] })
  expect(await api.identify?.(answering([{ healthUserId: '42' }]).http)).toEqual({ id: '42', aliases: [] })
  expect((await api.identify?.(answering([{ legacyUserId: 'ABC' }]).http))?.id).toBeUndefined()
})

test('each stream is asked for with the scope of its area alone', () => {
  const areas = Object.entries(streams).map(([id, { scopes = [] }]) => [
    id,
    scopes.map((scope) => /googlehealth\.(\w+)\.readonly$/.exec(scope)?.[1]),
  ])
  expect(Object.fromEntries(areas)).toEqual({
    activity: ['activity_and_fitness'],
    energy: ['activity_and_fitness'],
    heart: ['health_metrics_and_measurements'],
    vitals: ['health_metrics_and_measurements'],
    cardioFitness: ['activity_and_fitness'],
    body: ['health_metrics_and_measurements'],
    sleep: ['sleep'],
    workouts: ['activity_and_fitness'],
    heartIntraday: ['health_metrics_and_measurements'],
    stepsIntraday: ['activity_and_fitness'],
    distanceIntraday: ['activity_and_fitness'],
    activeCaloriesIntraday: ['activity_and_fitness'],
  })
})

test('every field is of one stream, and every stream needs scopes that are asked for', () => {
  expect(
    Object.values(streams)
      .flatMap((stream) => stream.fields)
      .sort(),
  ).toEqual(Object.keys(fields).sort())
  const scopes = auth.type === 'oauth2' ? auth.scopes : []
  for (const stream of Object.values(streams))
    expect(scopes).toEqual(expect.arrayContaining(stream.scopes ?? ['none']))
})
