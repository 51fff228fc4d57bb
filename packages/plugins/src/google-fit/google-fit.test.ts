import type { HttpClient } from '@tributary/plugin-sdk'
import { describe, expect, test } from 'vitest'
import { mapPages } from '../testing/map-pages.ts'
import { googleFit } from './google-fit.ts'

const { streams, api } = googleFit.plugin
const at = (time: string) => Date.parse(time)

/** A client that gives these answers in order, and what it was asked. */
function answering(answers: unknown[]) {
  const asked: { path: string; query?: unknown; body?: unknown }[] = []
  const http = {
    get: (path: string, query: unknown) => {
      asked.push({ path, query })
      return Promise.resolve(answers.shift())
    },
    post: (path: string, { body }: { body: unknown }) => {
      asked.push({ path, body })
      return Promise.resolve(answers.shift())
    },
  } as unknown as HttpClient
  return { http, asked }
}

function bucket(start: string, points: { dataTypeName: string; value: object[] }[]) {
  return { startTimeMillis: String(at(start)), dataset: points.map((point) => ({ point: [point] })) }
}

function night(from: string, to: string) {
  return { activityType: 72, startTimeMillis: String(at(from)), endTimeMillis: String(at(to)) }
}

function points(...segments: [from: string, to: string, type: number][]) {
  return {
    dataSourceId: 'derived:com.google.sleep.segment:com.google.android.gms:merged',
    minStartTimeNs: '0',
    maxEndTimeNs: '1',
    point: segments.map(([from, to, type]) => ({
      startTimeNanos: `${at(from)}000001`,
      endTimeNanos: `${at(to)}000001`,
      value: [{ intVal: type, mapVal: [] }],
    })),
  }
}

test('no stream asks for more than Google allows, in the longest autumn either', async () => {
  for (const id of ['distance', 'heart', 'weight']) {
    const { http, asked } = answering([{}])
    const to = Temporal.PlainDate.from('2026-09-01').add({ days: streams[id]!.maxDaysPerRequest - 1 })
    const days = { from: '2026-09-01', to: to.toString(), zone: 'Europe/Berlin' }
    await Array.fromAsync(googleFit.fetchData(id, { http, dataType: '', ...days }))
    const { startTimeMillis, endTimeMillis } = asked[0]?.body as Record<string, number>
    expect(endTimeMillis! - startTimeMillis!).toBeLessThanOrEqual(7_776_000_000)
  }
})

test('a day is a bucket of the person’s zone, asked once for each data type', async () => {
  const { http, asked } = answering([{}])
  const days = { from: '2026-10-25', to: '2026-10-25', zone: 'Europe/Berlin' }
  await Array.fromAsync(googleFit.fetchData('heart', { http, dataType: '', ...days }))
  expect(asked).toEqual([
    {
      path: '/fitness/v1/users/me/dataset:aggregate',
      body: {
        aggregateBy: [{ dataTypeName: 'com.google.heart_rate.bpm' }],
        bucketByTime: { period: { type: 'day', value: 1, timeZoneId: 'Europe/Berlin' } },
        startTimeMillis: at('2026-10-25T00:00+02:00'),
        endTimeMillis: at('2026-10-26T00:00+01:00'),
      },
    },
  ])
})

test('a summary holds mean, highest and lowest, and a bucket without points no value', async () => {
  const summary = {
    dataTypeName: 'com.google.heart_rate.summary',
    value: [61.5, 140, 48].map((fpVal) => ({ fpVal })),
  }
  const empty = { startTimeMillis: at('2026-11-18T00:00+01:00'), dataset: [{ point: [] }] }
  const page = { bucket: [bucket('2026-11-17T00:00+01:00', [summary]), empty] }
  expect(await mapPages(streams['heart'], [page])).toEqual([
    { date: '2026-11-17', fields: { heartRateMean: 61.5, heartRateMax: 140, heartRateMin: 48 } },
    { date: '2026-11-18', fields: {} },
  ])
})

test.each([{}, { bucket: [] }, { bucket: {} }, { error: { code: 500 } }])(
  '%j is an error and no empty window',
  async (page) => {
    await expect(mapPages(streams['weight'], [page])).rejects.toThrow('off the schema')
  },
)

test.each([
  [{ startTimeMillis: '1', dataset: [] }, ['1970-01-01']],
  [{ startTimeMillis: 'noon', dataset: [] }, undefined],
  [
    bucket('2026-11-17T00:00+01:00', [{ dataTypeName: 'com.google.height', value: [{ fpVal: 1 }] }]),
    ['2026-11-17'],
  ],
  [
    bucket('2026-11-17T00:00+01:00', [{ dataTypeName: 'com.google.weight.summary', value: [{}] }]),
    ['2026-11-17'],
  ],
])('a bucket %j alone is rejected, with its day', async (odd, dates) => {
  const weight = { dataTypeName: 'com.google.weight.summary', value: [{ fpVal: 70.5 }] }
  const page = { bucket: [odd, bucket('2026-11-18T00:00+01:00', [weight])] }
  expect(await mapPages(streams['weight'], [page])).toEqual([
    { rejected: expect.any(String), record: odd, ...(dates ? { dates } : {}) },
    { date: '2026-11-18', fields: { weight: 70.5 } },
  ])
})

test('a point without a value alone is rejected, with its day', async () => {
  const odd = { startTimeNanos: `${at('2026-11-17T23:30Z')}000000`, endTimeNanos: '1', value: [] }
  const page = points(['2026-11-18T10:00:00Z', '2026-11-18T10:00:00Z', 61])
  expect(await mapPages(streams['heartIntraday'], [{ ...page, point: [odd, ...page.point] }])).toMatchObject([
    { rejected: expect.any(String), record: odd, dates: ['2026-11-18'] },
    { field: 'heartRate', value: 61 },
  ])
})

test('each data type of activity is asked for by itself', async () => {
  const types = Object.keys(streams['activity']?.dataTypes ?? {})
  const { http, asked } = answering(types.map(() => ({})))
  const days = { from: '2026-11-17', to: '2026-11-18', zone: 'Europe/Berlin' }
  for (const dataType of types)
    await Array.fromAsync(googleFit.fetchData('activity', { http, dataType, ...days }))
  expect(asked.map(({ body }) => (body as { aggregateBy: unknown }).aggregateBy)).toEqual([
    [
      {
        dataTypeName: 'com.google.step_count.delta',
        dataSourceId: 'derived:com.google.step_count.delta:com.google.android.gms:estimated_steps',
      },
    ],
    [{ dataTypeName: 'com.google.calories.expended' }],
    [{ dataTypeName: 'com.google.heart_minutes' }],
    [{ dataTypeName: 'com.google.active_minutes' }],
  ])
})

test('every page of a data source is asked for', async () => {
  const { http, asked } = answering([{ nextPageToken: 'a' }, { nextPageToken: 'b' }, { nextPageToken: '' }])
  const days = { from: '2026-11-17', to: '2026-11-18', zone: 'Europe/Berlin' }
  expect(
    await Array.fromAsync(googleFit.fetchData('heartIntraday', { http, dataType: '', ...days })),
  ).toHaveLength(3)
  expect(asked.map(({ query }) => query)).toEqual([
    { pageToken: undefined },
    { pageToken: 'a' },
    { pageToken: 'b' },
  ])
  expect(decodeURIComponent(asked[0]?.path ?? '')).toBe(
    `/fitness/v1/users/me/dataSources/derived:com.google.heart_rate.bpm:com.google.android.gms:merge_heart_rate_bpm/datasets/${at('2026-11-17T00:00+01:00')}000000-${at('2026-11-19T00:00+01:00')}000000`,
  )
})

describe('the night of a day', () => {
  const map = (sessions: unknown[], segments: unknown, days = {}) =>
    mapPages(streams['sleep'], [{ session: sessions }, segments], days)
  const first = night('2026-11-17T22:30:00Z', '2026-11-18T06:00:00Z')
  const wholeNight = { date: '2026-11-18', fields: { sleepLength: 450 * 60, bedTime: -30, wakeUpTime: 420 } }
  const asleepFor = (minutes: number) => ({
    ...wholeNight,
    fields: { ...wholeNight.fields, sleepLength: minutes * 60 },
  })

  test('is the longest sleep that ends on it, and only the time asleep in it counts', async () => {
    const segments = points(
      ['2026-11-17T22:30:00Z', '2026-11-18T01:00:00Z', 4],
      ['2026-11-18T01:00:00Z', '2026-11-18T01:30:00Z', 1],
      ['2026-11-18T01:30:00Z', '2026-11-18T04:00:00Z', 5],
      ['2026-11-18T04:00:00Z', '2026-11-18T04:10:00Z', 3],
      ['2026-11-18T04:10:00Z', '2026-11-18T06:00:00Z', 6],
      ['2026-11-18T13:00:00Z', '2026-11-18T14:00:00Z', 2],
    )
    const nap = night('2026-11-18T13:00:00Z', '2026-11-18T14:00:00Z')
    expect(await map([first, nap], segments)).toEqual([asleepFor(450 - 40)])
  })

  test('is as long as its sessions where no stages are known, or Google has no source of them', async () => {
    expect(await map([first], points())).toEqual([wholeNight])
    const message = 'datasource not found: derived:com.google.sleep.segment:com.google.android.gms:merged'
    expect(await map([first], { error: { code: 400, message } })).toEqual([wholeNight])
  })

  test('is made of sessions less than three hours apart, also where it is split at midnight', async () => {
    const parts = [
      night('2026-11-17T20:00:00Z', '2026-11-17T22:50:00Z'),
      night('2026-11-17T23:30:00Z', '2026-11-18T06:00:00Z'),
    ]
    const segments = points(
      ['2026-11-17T20:00:00Z', '2026-11-17T22:50:00Z', 4],
      ['2026-11-17T22:50:00Z', '2026-11-17T23:30:00Z', 1],
      ['2026-11-17T23:30:00Z', '2026-11-18T06:00:00Z', 5],
    )
    const days = { from: '2026-11-18', to: '2026-11-18' }
    expect(await map(parts, segments, days)).toEqual([
      { date: '2026-11-18', fields: { sleepLength: (170 + 390) * 60, bedTime: -180, wakeUpTime: 420 } },
    ])
  })

  test('takes a segment that states no type for sleep, and one of a type that nobody knows for nothing', async () => {
    const segments = points(
      ['2026-11-17T22:30:00Z', '2026-11-18T02:00:00Z', 0],
      ['2026-11-18T02:00:00Z', '2026-11-18T05:00:00Z', 4],
      ['2026-11-18T05:00:00Z', '2026-11-18T06:00:00Z', 99],
    )
    expect(await map([first], segments)).toEqual([asleepFor(390)])
    delete (segments.point[0]?.value[0] as { intVal?: number }).intVal
    expect(await map([first], segments)).toEqual([asleepFor(390)])
  })

  test('counts without a segment that has no value', async () => {
    const segments = points(
      ['2026-11-17T22:30:00Z', '2026-11-17T23:30:00Z', 4],
      ['2026-11-17T23:30:00Z', '2026-11-18T06:00:00Z', 4],
    )
    segments.point[0]!.value = []
    expect(await map([first], segments)).toEqual([asleepFor(390)])
  })

  test('counts where a segment or another session cannot be read, which is rejected alone', async () => {
    const segments = points(
      ['2026-11-17T22:30:00Z', '2026-11-17T23:30:00Z', 4],
      ['2026-11-17T23:30:00Z', '2026-11-18T06:00:00Z', 4],
    )
    segments.point[0]!.startTimeNanos = 'soon'
    const backwards = night('2026-11-19T06:00:00Z', '2026-11-19T05:00:00Z')
    const records = await map([first, backwards, { activityType: 72 }], segments)
    expect(records).toMatchObject([
      { rejected: 'it ends before it starts', dates: ['2026-11-19'] },
      { rejected: expect.stringContaining('startTimeMillis') as string },
      { rejected: expect.stringContaining('startTimeNanos') as string, dates: ['2026-11-18'] },
      asleepFor(390),
    ])
  })

  test('is unsettled while a sleep goes on', async () => {
    const goesOn = { activityType: 72, startTimeMillis: String(at('2026-11-18T23:00:00Z')) }
    expect(await map([first, goesOn], points())).toEqual([
      wholeNight,
      { date: '2026-11-19', fields: {}, unsettled: true },
    ])
    expect(await map([{ ...goesOn, endTimeMillis: '0' }], points())).toHaveLength(1)
  })
})

describe('a night that several apps recorded', () => {
  const from = '2026-11-17T22:30:00Z'
  const by = (app: string, start: string, end: string) => ({
    ...night(start, end),
    application: { packageName: app },
  })
  /** Segments of apps in one list, as Google merges them. */
  const merged = (...lists: [app: string, ...segments: [string, string, number][]][]) => ({
    ...points(),
    point: lists.flatMap(([app, ...segments]) =>
      points(...segments).point.map((one) => ({
        ...one,
        originDataSourceId: `raw:com.google.sleep.segment:${app}:`,
      })),
    ),
  })
  const map = async (sessions: unknown[], segments: unknown) => {
    const found = await mapPages(streams['sleep'], [{ session: sessions }, segments])
    expect(await mapPages(streams['sleep'], [segments, { session: sessions.toReversed() }])).toEqual(found)
    return found.map((record) => 'fields' in record && record.fields)
  }
  const watch = merged(
    ['app.phone', [from, '2026-11-18T06:30:00Z', 2]],
    ['app.watch', [from, '2026-11-18T02:00:00Z', 4], ['2026-11-18T02:00:00Z', '2026-11-18T06:00:00Z', 5]],
    ['app.band', ['2026-11-17T22:40:00Z', '2026-11-18T06:10:00Z', 4]],
  )

  test('counts by the longest of them, whether sessions name their app or not', async () => {
    const ends = { phone: '06:30', watch: '06:00', band: '06:10' }
    const named = Object.entries(ends).map(([app, end]) => by(`app.${app}`, from, `2026-11-18T${end}:00Z`))
    const unnamed = named.map(({ application: _, ...session }) => session)
    const expected = [{ sleepLength: 480 * 60, bedTime: -30, wakeUpTime: 450 }]
    expect(await map(named, watch)).toEqual(expected)
    expect(await map(unnamed, watch)).toEqual(expected)
  })

  test('counts by one that has segments, not by a longer one that has none', async () => {
    const sessions = [
      by('app.clock', '2026-11-17T21:30:00Z', '2026-11-18T07:00:00Z'),
      by('app.watch', from, '2026-11-18T06:00:00Z'),
    ]
    const segments = merged([
      'app.watch',
      [from, '2026-11-18T05:00:00Z', 4],
      ['2026-11-18T05:00:00Z', '2026-11-18T06:00:00Z', 1],
    ])
    expect(await map(sessions, segments)).toEqual([{ sleepLength: 390 * 60, bedTime: -30, wakeUpTime: 420 }])
  })

  test('may go on with a session without segments where one app alone writes them', async () => {
    const sessions = [
      night(from, '2026-11-18T02:00:00Z'),
      night('2026-11-18T02:20:00Z', '2026-11-18T06:00:00Z'),
    ]
    const segments = merged([
      'app.watch',
      [from, '2026-11-18T01:30:00Z', 4],
      ['2026-11-18T01:30:00Z', '2026-11-18T02:00:00Z', 1],
    ])
    expect(await map(sessions, segments)).toEqual([{ sleepLength: 400 * 60, bedTime: -30, wakeUpTime: 420 }])
  })

  test('has the segments of the app that recorded most of it where the app of its session has none', async () => {
    const segments = merged(
      ['app.watch', [from, '2026-11-18T05:30:00Z', 4]],
      ['app.phone', ['2026-11-18T00:00:00Z', '2026-11-18T05:00:00Z', 4]],
    )
    expect(await map([by('app.clock', from, '2026-11-18T06:00:00Z')], segments)).toEqual([
      { sleepLength: 420 * 60, bedTime: -30, wakeUpTime: 420 },
    ])
  })
})

test('what Google’s envelope says decides what happens next', () => {
  const because = (reason: string) => ({ error: { code: 403, errors: [{ reason }] } })
  expect(api.readError?.(403, because('userRateLimitExceeded'))?.code).toBe('rate-limited')
  expect(api.readError?.(403, because('insufficientPermissions'))?.code).toBe('not-allowed')
  expect(api.readError?.(403, because('accessNotConfigured'))?.code).toBe('misconfigured')
  expect(api.readError?.(403, because('forbidden'))).toBeUndefined()
  expect(api.readError?.(403, '<html>')).toBeUndefined()
  expect(api.readError?.(401, because('authError'))?.message).toMatch(/Connect again\.$/)
})

test('it can be declared to an admin: no developer is taken any more', () => {
  expect(googleFit.plugin.description).toContain('no new developers')
  expect(googleFit.setupInfo({ 'global.base_url': 'https://hub.example' })[0]?.value).toBe(
    'https://hub.example/api/plugins/google-fit/callback',
  )
})

test.each([
  [400, 'no default datasource found for: com.google.heart_minutes'],
  [400, 'datasource not found: derived:com.google.weight:com.google.android.gms:merge_weight'],
  [404, 'DataSourceId not found: raw:com.google.step_count.delta:1'],
])('a response %i with "%s" means that there is no data', async (status, message) => {
  const body = { error: { code: status, message, status: 'INVALID_ARGUMENT' } }
  expect(api.isNoData?.(status, body)).toBe(true)
  for (const id of ['weight', 'heartIntraday']) expect(await mapPages(streams[id], [body])).toEqual([])
})

test('any other refusal is none of the data sources', async () => {
  const body = (message: string) => ({ error: { code: 400, message, status: 'INVALID_ARGUMENT' } })
  expect(api.isNoData?.(400, body('aggregate duration too large'))).toBe(false)
  expect(api.isNoData?.(500, body('datasource not found: x'))).toBe(false)
  expect(api.isNoData?.(400, undefined)).toBe(false)
  await expect(mapPages(streams['weight'], [body('aggregate duration too large')])).rejects.toThrow(
    'off the schema',
  )
})
