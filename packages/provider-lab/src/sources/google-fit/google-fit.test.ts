import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startTestLab } from '../../test-client.ts'
import type { TestLab } from '../../test-client.ts'
import { connectionTo, truthOf } from '../../test-connection.ts'
import type { TrueDay } from '../../truth/true-days.ts'

type Day = TrueDay & { heartMinutes: number | null }
interface Point {
  startTimeNanos: string
  endTimeNanos: string
  dataTypeName: string
  originDataSourceId: string
  value: { intVal?: number; fpVal?: number; mapVal: unknown[] }[]
}
interface Bucket {
  startTimeMillis: string
  endTimeMillis: string
  dataset: { dataSourceId: string; point: Point[] }[]
}
interface Session {
  id: string
  startTimeMillis: string
  endTimeMillis: string
  activityType: number
}
interface Sessions {
  session: Session[]
  deletedSession: unknown[]
  nextPageToken: string
  hasMoreData: boolean
}
interface Dataset {
  dataSourceId: string
  minStartTimeNs: string
  point?: Point[]
  nextPageToken?: string
}

const NOW = '2026-11-20T12:00:00Z'
const scopeOf = (area: string) => `https://www.googleapis.com/auth/fitness.${area}.read`
const service = {
  source: 'google-fit',
  authorize: '/o/oauth2/v2/auth',
  token: '/token',
  scope: ['activity', 'body', 'heart_rate', 'location', 'sleep'].map(scopeOf).join(' '),
  clientAuth: 'body',
  parameters: { access_type: 'offline', prompt: 'consent' },
} as const
const ME = '/fitness/v1/users/me'
const MERGED_STEPS = 'derived:com.google.step_count.delta:com.google.android.gms:merge_step_deltas'
const MERGED_HEART = 'derived:com.google.heart_rate.bpm:com.google.android.gms:merge_heart_rate_bpm'
const SLEEP = 'derived:com.google.sleep.segment:com.google.android.gms:merged'

const millis = (date: string, zone: string) =>
  Temporal.PlainDate.from(date).toZonedDateTime(zone).epochMilliseconds
const dailyBody = (from: string, to: string, names: readonly string[], zone = 'Europe/Berlin') => ({
  aggregateBy: names.map((name) => (name.includes(':') ? { dataSourceId: name } : { dataTypeName: name })),
  bucketByTime: { period: { type: 'day', value: 1, timeZoneId: zone } },
  startTimeMillis: millis(from, zone),
  endTimeMillis: millis(Temporal.PlainDate.from(to).add({ days: 1 }).toString(), zone),
})

describe('the data', () => {
  let lab: TestLab
  let token: string
  beforeAll(async () => {
    lab = await startTestLab(NOW, { requestLimits: { 'google-fit': 10_000 } })
    token = (await connectionTo(lab, service).connect()).access_token
  })
  afterAll(() => lab.close())

  const get = async <T>(path: string) => {
    const answer = await connectionTo(lab, service).ask(`${ME}/${path}`, token)
    expect(answer.status).toBe(200)
    return (await answer.json()) as T
  }
  const aggregate = async (body: unknown) => {
    const answer = await connectionTo(lab, service).ask(`${ME}/dataset:aggregate`, token, body)
    expect(answer.status).toBe(200)
    return ((await answer.json()) as { bucket: Bucket[] }).bucket
  }
  const dataset = (id: string, fromSeconds: number, toSeconds: number, query = '') =>
    get<Dataset>(
      `dataSources/${encodeURIComponent(id)}/datasets/${fromSeconds}000000000-${toSeconds}000000000${query}`,
    )
  const values = (buckets: Bucket[], index = 0) =>
    buckets.map(({ dataset: sets }) =>
      sets[index]?.point[0]?.value.map((value) => value.intVal ?? value.fpVal),
    )

  test.each(['Europe/Berlin', 'Asia/Tokyo', 'America/Los_Angeles'])(
    'the steps of ninety days, cut in %s, are the true ones; a day that was not worn has no point',
    async (zone) => {
      const found = values(
        await aggregate(dailyBody('2026-08-23', '2026-11-19', ['com.google.step_count.delta'], zone)),
      )
      const days = await truthOf<Day>(lab, 'google-fit', '2026-08-23', '2026-11-19', zone)
      expect(found.map((value) => value?.[0] ?? null)).toEqual(days.map((day) => day.steps))
    },
  )

  test('a day that was not worn is there with an empty list', async () => {
    const days = await truthOf<Day>(lab, 'google-fit', '2024-01-01', '2024-12-31')
    const idle = days.find(({ steps }) => steps === null)?.date ?? ''
    const [bucket] = await aggregate(dailyBody(idle, idle, ['com.google.step_count.delta', MERGED_STEPS]))
    expect(bucket?.dataset).toEqual([
      { dataSourceId: 'derived:com.google.step_count.delta:com.google.android.gms:aggregated', point: [] },
      { dataSourceId: MERGED_STEPS, point: [] },
    ])
  })

  test('the other daily values are the true ones too, each in its own data set', async () => {
    const buckets = await aggregate(
      dailyBody('2026-10-01', '2026-11-18', [
        'com.google.distance.delta',
        'com.google.calories.expended',
        'com.google.active_minutes',
        'com.google.heart_minutes',
        'com.google.heart_rate.bpm',
        'com.google.weight',
      ]),
    )
    const days = await truthOf<Day>(lab, 'google-fit', '2026-10-01', '2026-11-18')
    const at = (index: number) => values(buckets, index).map((value) => value ?? [])
    const first = (index: number, change: (value: number) => number = (value) => value) =>
      at(index).map(([value]) => (value === undefined ? null : change(value)))
    expect(first(0, (metres) => Number((metres / 1000).toFixed(5)))).toEqual(days.map((day) => day.distance))
    expect(first(1, Math.round)).toEqual(days.map((day) => day.calories))
    expect(first(2)).toEqual(days.map((day) => day.activeMinutes))
    expect(first(3)).toEqual(days.map((day) => day.heartMinutes))
    expect(first(4, (mean) => Number(mean.toFixed(3)))).toEqual(days.map((day) => day.heartRateMean))
    expect(at(4).map(([, max, min]) => [max ?? null, min ?? null])).toEqual(
      days.map((day) => [day.heartRateMax, day.heartRateMin]),
    )
    expect(first(5)).toEqual(days.map((day) => day.weight))
    expect(buckets[0]?.dataset.map(({ point }) => point[0]?.dataTypeName)).toContain(
      'com.google.heart_rate.summary',
    )
  })

  test('the days on which the clock is changed have 23 and 25 hours', async () => {
    const hours = async (date: string) => {
      const [bucket] = await aggregate(dailyBody(date, date, ['com.google.step_count.delta']))
      return (Number(bucket?.endTimeMillis) - Number(bucket?.startTimeMillis)) / 3_600_000
    }
    expect([await hours('2026-03-29'), await hours('2026-10-25')]).toEqual([23, 25])
  })

  test('buckets of an exact length add up to the day', async () => {
    const { startTimeMillis, endTimeMillis, aggregateBy } = dailyBody('2026-11-17', '2026-11-17', [
      MERGED_STEPS,
    ])
    const buckets = await aggregate({
      aggregateBy,
      bucketByTime: { durationMillis: 3_600_000 },
      startTimeMillis: String(startTimeMillis),
      endTimeMillis: String(endTimeMillis),
    })
    const [day] = await truthOf<Day>(lab, 'google-fit', '2026-11-17', '2026-11-17')
    expect(buckets).toHaveLength(24)
    expect(values(buckets).reduce((sum, value) => sum + (value?.[0] ?? 0), 0)).toBe(day?.steps)
  })

  test('sleep sessions and their segments are the true nights, with naps among them and nothing that tells which', async () => {
    const from = Temporal.PlainDate.from('2026-09-01')
    const { session, deletedSession } = await get<Sessions>(
      'sessions?startTime=2026-08-31T22:00:00Z&endTime=2026-11-19T23:00:00.000Z&activityType=72',
    )
    const days = await truthOf<Day>(lab, 'google-fit', from.toString(), '2026-11-19')
    expect(deletedSession).toEqual([])
    expect(session.length).toBeGreaterThan(days.filter((day) => day.sleepMinutes !== null).length)
    expect(new Set(session.map(({ activityType }) => activityType))).toEqual(new Set([72]))

    const segments = (
      await dataset(
        SLEEP,
        Number(session[0]?.startTimeMillis) / 1000,
        Number(session.at(-1)?.endTimeMillis) / 1000,
      )
    ).point
    const asleep = ({ startTimeMillis, endTimeMillis }: Session) =>
      (segments ?? [])
        .filter(({ startTimeNanos, endTimeNanos, value }) => {
          const within =
            BigInt(startTimeNanos) >= BigInt(startTimeMillis) * 1_000_000n &&
            BigInt(endTimeNanos) <= BigInt(endTimeMillis) * 1_000_000n
          return within && [2, 4, 5, 6].includes(value[0]?.intVal ?? 0)
        })
        .reduce((sum, { startTimeNanos, endTimeNanos }) => {
          return sum + Number((BigInt(endTimeNanos) - BigInt(startTimeNanos)) / 60_000_000_000n)
        }, 0)
    for (const day of days) {
      const ended = session.filter(({ endTimeMillis }) => {
        const end = Temporal.Instant.fromEpochMilliseconds(Number(endTimeMillis))
        return end.toZonedDateTimeISO('Europe/Berlin').toPlainDate().toString() === day.date
      })
      const longest = Math.max(...ended.map(asleep))
      expect(ended.length > 0 ? longest : null).toBe(day.sleepMinutes)
    }
  })

  test('without a kind, walks and runs are among the sessions', async () => {
    const { session } = await get<Sessions>(
      'sessions?startTime=2026-10-01T00:00:00Z&endTime=2026-11-01T00:00:00Z',
    )
    expect(new Set(session.map(({ activityType }) => activityType))).toEqual(new Set([7, 8, 72]))
    expect(new Set(session.map(({ id }) => id)).size).toBe(session.length)
  })

  test('many sessions come in pages', async () => {
    const range = 'sessions?startTime=2026-01-01T00:00:00Z&endTime=2026-11-01T00:00:00Z&activityType=72'
    const first = await get<Sessions>(range)
    expect([first.session.length, first.hasMoreData]).toEqual([100, true])
    const found = [...first.session]
    for (let page = first; page.hasMoreData; found.push(...page.session))
      page = await get<Sessions>(`${range}&pageToken=${page.nextPageToken}`)
    expect(new Set(found.map(({ id }) => id)).size).toBe(found.length)
    expect(found.length).toBeGreaterThan(300)
  })

  test('without times, a page token brings only what was uploaded since', async () => {
    const { session, nextPageToken } = await get<Sessions>('sessions?activityType=72')
    expect(session.length).toBeGreaterThan(28)
    expect((await get<Sessions>(`sessions?activityType=72&pageToken=${nextPageToken}`)).session).toEqual([])
    const other = await startTestLab('2026-11-21T12:00:00Z')
    const { connect, ask } = connectionTo(other, service)
    const { access_token } = await connect()
    const later = await ask(`${ME}/sessions?activityType=72&pageToken=${nextPageToken}`, access_token)
    expect(((await later.json()) as Sessions).session.length).toBeGreaterThan(0)
    await other.close()
  })

  test('there is a stream of the watch and a merged one for heart rate and steps', async () => {
    const { dataSource } = await get<{
      dataSource: { dataStreamId: string; type: string; device?: object }[]
    }>('dataSources?dataTypeName=com.google.heart_rate.bpm&dataTypeName=com.google.step_count.delta')
    expect(dataSource.map(({ type }) => type).sort()).toEqual(['derived', 'derived', 'derived', 'raw', 'raw'])
    expect(dataSource.filter(({ type }) => type === 'raw').every(({ device }) => device !== undefined)).toBe(
      true,
    )
    const ids = dataSource.map(({ dataStreamId }) => dataStreamId)
    expect(ids).toEqual(expect.arrayContaining([MERGED_STEPS, MERGED_HEART]))
    const one = await get<{ dataStreamId: string }>(`dataSources/${MERGED_HEART}`)
    expect(one.dataStreamId).toBe(MERGED_HEART)
  })

  test('the points of the minutes have the true extremes and add up to the true steps', async () => {
    const [day] = await truthOf<Day>(lab, 'google-fit', '2026-11-17', '2026-11-17')
    const [from, to] = [
      millis('2026-11-17', 'Europe/Berlin') / 1000,
      millis('2026-11-18', 'Europe/Berlin') / 1000,
    ]
    const rates = ((await dataset(MERGED_HEART, from, to - 1)).point ?? []).map(
      ({ value }) => value[0]?.fpVal ?? 0,
    )
    expect([Math.min(...rates), Math.max(...rates)]).toEqual([day?.heartRateMin, day?.heartRateMax])
    const steps = (await dataset(MERGED_STEPS, from + 1, to - 1)).point ?? []
    expect(steps.reduce((sum, { value }) => sum + (value[0]?.intVal ?? 0), 0)).toBe(day?.steps)
  })

  test('the newest points come first, in pages that are each in order and together the whole', async () => {
    const [from, to] = [
      millis('2026-11-17', 'Europe/Berlin') / 1000,
      millis('2026-11-18', 'Europe/Berlin') / 1000,
    ]
    const whole = (await dataset(MERGED_HEART, from, to)).point ?? []
    let found: Point[] = []
    let token: string | undefined = ''
    while (token !== undefined) {
      const query: string = `?limit=400${token ? `&pageToken=${token}` : ''}`
      const page: Dataset = await dataset(MERGED_HEART, from, to, query)
      found = [...(page.point ?? []), ...found]
      token = page.nextPageToken
    }
    expect(whole.length).toBeGreaterThan(1200)
    expect(found).toEqual(whole)
  })

  test('a stretch without points has no list of them', async () => {
    const found = await dataset(MERGED_STEPS, 1_000_000_000, 1_000_086_400)
    expect(Object.keys(found).sort()).toEqual(['dataSourceId', 'maxEndTimeNs', 'minStartTimeNs'])
  })

  test('nothing after the upload is there yet', async () => {
    const [bucket] = await aggregate(dailyBody('2026-11-20', '2026-11-20', [MERGED_STEPS]))
    const end = Temporal.Instant.fromEpochNanoseconds(BigInt(bucket?.dataset[0]?.point[0]?.endTimeNanos ?? 0))
    expect(end.toString()).toBe('2026-11-20T08:00:00Z')
  })
})

describe('the refusals', () => {
  let lab: TestLab
  beforeEach(async () => void (lab = await startTestLab(NOW)))
  afterEach(() => lab.close())

  const refusal = async (answer: Response) => {
    const { error } = (await answer.json()) as {
      error: { code: number; status: string; message: string; errors: { reason: string }[] }
    }
    expect(error.code).toBe(answer.status)
    return [error.code, error.status, error.errors[0]?.reason]
  }
  const aggregate = async (body: unknown, scope: string = service.scope) => {
    const { ask, connect } = connectionTo(lab, service)
    return ask(`${ME}/dataset:aggregate`, (await connect({ scope })).access_token, body)
  }
  const steps = dailyBody('2026-11-01', '2026-11-02', ['com.google.step_count.delta'])

  test('ninety days are the most at once', async () => {
    const most = { ...steps, endTimeMillis: steps.startTimeMillis + 7_776_000_000 }
    expect((await aggregate(most)).status).toBe(200)
    const more = await aggregate({ ...most, endTimeMillis: most.endTimeMillis + 1 })
    const { error } = (await more.clone().json()) as { error: { message: string } }
    expect(error.message).toBe('aggregate duration too large')
    expect(await refusal(more)).toEqual([400, 'INVALID_ARGUMENT', 'invalidArgument'])
  })

  test.each([
    ['no aggregateBy', { aggregateBy: [] }],
    ['a type that there is not', { aggregateBy: [{ dataTypeName: 'com.google.telepathy' }] }],
    ['no buckets', { bucketByTime: undefined }],
    ['a zone that there is not', { bucketByTime: { period: { type: 'day', timeZoneId: 'Mars/Olympus' } } }],
    ['buckets of no length', { bucketByTime: { durationMillis: 0 } }],
    ['an end before the start', { endTimeMillis: 1 }],
    ['no start', { startTimeMillis: undefined }],
  ])('%s is an invalid argument', async (_, change) => {
    expect(await refusal(await aggregate({ ...steps, ...change }))).toEqual([
      400,
      'INVALID_ARGUMENT',
      'invalidArgument',
    ])
  })

  test.each([
    ['com.google.step_count.delta', 'location'],
    ['com.google.distance.delta', 'activity'],
    ['com.google.heart_rate.bpm', 'body'],
    ['com.google.sleep.segment', 'activity'],
    [MERGED_HEART, 'activity'],
  ])('%s is forbidden with the scope %s alone', async (name, area) => {
    const answer = await aggregate(dailyBody('2026-11-01', '2026-11-02', [name]), scopeOf(area))
    expect(await refusal(answer)).toEqual([403, 'PERMISSION_DENIED', 'insufficientPermissions'])
  })

  test('sleep sessions need the scope of sleep', async () => {
    const { ask, connect } = connectionTo(lab, service)
    const { access_token } = await connect({ scope: scopeOf('activity') })
    expect((await ask(`${ME}/sessions?activityType=72`, access_token)).status).toBe(403)
    const { session } = (await (await ask(`${ME}/sessions`, access_token)).json()) as Sessions
    expect(session.some(({ activityType }) => activityType === 72)).toBe(false)
  })

  test('without a token that lives it is 401, for an unknown path 404', async () => {
    const { ask, connect } = connectionTo(lab, service)
    const { access_token } = await connect()
    expect(await refusal(await ask(`${ME}/telepathy`, access_token))).toEqual([404, 'NOT_FOUND', 'notFound'])
    expect((await ask(`${ME}/dataSources/nothing`, access_token)).status).toBe(404)
    expect((await ask(`${ME}/dataSources/%E0%A4%A`, access_token)).status).toBe(404)
    lab.pass({ hours: 1 })
    expect(await refusal(await ask(`${ME}/dataSources`, access_token))).toEqual([
      401,
      'UNAUTHENTICATED',
      'authError',
    ])
    expect((await fetch(`${lab.url}/google-fit${ME}/dataSources`)).status).toBe(401)
  })

  test('over the quota it is 429 until the next minute, and no header says so', async () => {
    const { ask, connect } = connectionTo(lab, service)
    const { access_token } = await connect()
    const answers = await Promise.all(
      Array.from({ length: 301 }, () => ask(`${ME}/dataSources?dataTypeName=x`, access_token)),
    )
    const refused = answers.filter(({ status }) => status === 429)
    expect(refused).toHaveLength(1)
    expect([...(refused[0]?.headers.keys() ?? [])].filter((name) => /rate|retry/.test(name))).toEqual([])
    expect(await refusal(refused[0] as Response)).toEqual([429, 'RESOURCE_EXHAUSTED', 'rateLimitExceeded'])
    lab.pass({ minutes: 1 })
    expect((await ask(`${ME}/dataSources`, access_token)).status).toBe(200)
  })
})
