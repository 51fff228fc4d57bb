import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { TestLab } from '../../test-client.ts'
import { startTestLab } from '../../test-client.ts'
import { civil, client, scopeOf, service } from './test-health.ts'
import type { HealthClient } from './test-health.ts'

const NOW = '2026-11-20T12:00:00Z'
let lab: TestLab
let health: HealthClient
beforeEach(async () => {
  lab = await startTestLab(NOW)
  health = await client(lab)
})
afterEach(() => lab.close())

interface GoogleError {
  code: number
  status: string
  message: string
  details?: { '@type': string; reason: string; metadata?: Record<string, string> }[]
}
const errorOf = async (answer: Response) => {
  const { error } = (await answer.json()) as { error: GoogleError }
  expect(error.code).toBe(answer.status)
  return error
}
const reasonOf = async (answer: Response) => {
  const { code, status, details } = await errorOf(answer)
  return [code, status, details?.[0]?.reason]
}
const range = (from: string, days: number) => ({
  start: civil(from),
  end: civil(Temporal.PlainDate.from(from).add({ days }).toString()),
})

describe('a filter', () => {
  test.each([
    ['steps', 'steps.interval.start_time >= "2026-11-17T00:00:00Z"'],
    [
      'steps',
      'steps.interval.civil_start_time >= "2026-11-17" AND steps.interval.civil_start_time < "2026-11-17T12:30:00"',
    ],
    ['weight', 'weight.sample_time.physical_time >= "2026-11-17T00:00:00+01:00"'],
    ['daily-vo2-max', 'daily_vo2_max.date < "2026-11-17"'],
    ['exercise', 'exercise.interval.civil_start_time >= "2026-11-17T20:03:00"'],
    ['sleep', 'sleep.interval.end_time >= "2026-11-17T00:00:00Z"'],
    ['sleep', 'sleep.interval.civil_end_time >= "2026-11-17"'],
  ])('of %s may be %s', async (type, filter) => {
    expect((await health.get(`${type}/dataPoints`, { filter, pageSize: '1' })).status).toBe(200)
    expect((await health.get(`${type}/dataPoints:reconcile`, { filter, pageSize: '1' })).status).toBe(200)
  })

  test.each([
    ['sleep', 'sleep.interval.start_time >= "2026-11-17T00:00:00Z"', '_DATA_TYPE_MEMBER'],
    ['sleep', 'sleep.interval.civil_start_time >= "2026-11-17"', '_DATA_TYPE_MEMBER'],
    ['exercise', 'exercise.interval.start_time >= "2026-11-17T00:00:00Z"', '_DATA_TYPE_MEMBER'],
    ['daily-vo2-max', 'daily_vo2_max.interval.start_time >= "2026-11-17T00:00:00Z"', '_DATA_TYPE_MEMBER'],
    ['steps', 'steps.constructor >= "2026-11-17"', '_DATA_TYPE_MEMBER'],
    ['exercise', 'exercise.interval.civil_start_time >= "2026-11-17T00:00:00Z"', '_CIVIL_DATE_TIME_FORMAT'],
    ['daily-vo2-max', 'daily_vo2_max.date >= "2026-11-17T00:00:00Z"', '_DATE_FORMAT'],
    ['weight', 'weight.sample_time.physical_time >= "2026-11-17"', '_TIMESTAMP_FORMAT'],
    ['daily-vo2-max', 'dailyVo2Max.date >= "2026-11-17"', ''],
    ['heart-rate', 'heart-rate.sample_time.civil_time >= "2026-11-17"', ''],
    ['steps', 'steps.interval.civil_start_time > "2026-11-17"', ''],
    ['steps', 'steps.interval.civil_start_time <= "2026-11-17"', ''],
    [
      'steps',
      'steps.interval.civil_start_time >= "2026-11-17" OR steps.interval.civil_start_time < "2026-11-01"',
      '',
    ],
  ])('of %s may not be %s', async (type, filter, kind) => {
    const expected = [400, 'INVALID_ARGUMENT', `INVALID_DATA_POINT_FILTER${kind}`]
    expect(await reasonOf(await health.get(`${type}/dataPoints`, { filter }))).toEqual(expected)
  })
})

describe('a rollup', () => {
  test.each([
    ['total-calories', 14],
    ['heart-rate', 14],
    ['active-minutes', 14],
    ['steps', 90],
    ['weight', 90],
  ])('of %s serves %i days and not one more', async (type, most) => {
    const daily = (days: number) =>
      health.post(`${type}/dataPoints:dailyRollUp`, { range: range('2026-08-01', days) })
    const start = Temporal.Instant.from('2026-08-01T00:00:00Z')
    const physical = (days: number) =>
      health.post(`${type}/dataPoints:rollUp`, {
        range: { startTime: `${start}`, endTime: `${start.add({ hours: days * 24 })}` },
        windowSize: '86400s',
      })
    for (const ask of [daily, physical]) {
      expect((await ask(most)).status).toBe(200)
      const { status, details } = await errorOf(await ask(most + 1))
      expect([status, details?.[0]?.reason, details?.[0]?.metadata?.maxDurationDays]).toEqual([
        'INVALID_ARGUMENT',
        'INVALID_ROLLUP_QUERY_DURATION',
        String(most),
      ])
    }
  })

  test('needs a page that holds all of its days', async () => {
    const ask = (pageSize: number) =>
      health.post('steps/dataPoints:dailyRollUp', { range: range('2026-11-01', 14), pageSize })
    expect((await ask(14)).status).toBe(200)
    expect((await errorOf(await ask(13))).message).toContain('Must be at least 14')
  })

  test.each([
    [{ range: { start: civil('2026-11-01').date, end: civil('2026-11-02').date } }, 'Unknown name "year"'],
    [{ range: range('2026-11-01', 1), windowSize: '86400s' }, 'Unknown name "windowSize"'],
    [{ range: range('2026-11-01', 0) }, 'must not be empty'],
    [
      { range: { ...range('2026-11-01', 1), start: { ...civil('2026-11-01'), time: { hours: 3 } } } },
      'aligned',
    ],
    [
      { range: { ...range('2026-11-01', 1), start: { date: { year: 2026, month: 2, day: 30 } } } },
      'not a date',
    ],
    [
      { range: range('2026-11-01', 1), dataSourceFamily: 'users/me/dataSourceFamilies/constructor' },
      'family',
    ],
    [{}, 'range is missing'],
  ])('by days is strict with %j', async (body, sentence) => {
    const { code, status, message } = await errorOf(await health.post('steps/dataPoints:dailyRollUp', body))
    expect([code, status]).toEqual([400, 'INVALID_ARGUMENT'])
    expect(message).toContain(sentence)
  })

  test.each([
    [{ windowSize: '0s' }, 'at least 1 second'],
    [{ windowSize: 3600 }, 'at least 1 second'],
    [{ windowSize: '86400s', pageSize: 91 }, '90 days'],
    [{ windowSize: '3600s', range: { startTime: '2026-11-01', endTime: '2026-11-02' } }, 'RFC 3339'],
  ])('by windows is strict with %j', async (change, sentence) => {
    const body = { range: { startTime: '2026-11-01T00:00:00Z', endTime: '2026-11-02T00:00:00Z' }, ...change }
    const { code, message } = await errorOf(await health.post('steps/dataPoints:rollUp', body))
    expect(code).toBe(400)
    expect(message).toContain(sentence)
  })
})

test.each([
  ['total-calories/dataPoints', 'rollup, dailyRollup'],
  ['total-calories/dataPoints:reconcile', 'rollup, dailyRollup'],
  ['floors/dataPoints', 'reconcile, rollup, dailyRollup'],
])('%s is not supported; it says what is', async (path, allowed) => {
  const { details, code } = await errorOf(await health.get(path))
  expect([code, details?.[0]?.reason]).toEqual([400, 'UNSUPPORTED_DATA_TYPE_ACTION'])
  expect(details?.[0]?.metadata).toEqual({ allowed_actions: allowed })
})

test.each(['sleep', 'exercise', 'daily-resting-heart-rate'])('%s is not rolled up', async (type) => {
  const answer = await health.post(`${type}/dataPoints:dailyRollUp`, { range: range('2026-11-01', 1) })
  expect(await reasonOf(answer)).toEqual([400, 'INVALID_ARGUMENT', 'UNSUPPORTED_DATA_TYPE_ACTION'])
})

test('the list of sleep takes no family of sources, but to reconcile it does', async () => {
  const query = { dataSourceFamily: 'users/me/dataSourceFamilies/all-sources' }
  expect((await health.get('sleep/dataPoints', query)).status).toBe(400)
  expect((await health.get('sleep/dataPoints:reconcile', query)).status).toBe(200)
})

test('what does not exist is refused: types 400, paths and other users 404', async () => {
  expect((await health.get('telepathy/dataPoints')).status).toBe(400)
  expect((await health.get('steps/dataPoints:guess')).status).toBe(404)
  expect((await health.me('somebody/identity')).status).toBe(404)
})

test('the account is reached as "me" and by the id that its identity tells', async () => {
  const identity = (await (await health.me('me/identity')).json()) as { healthUserId: string }
  expect(identity).toEqual({
    name: 'users/me/identity',
    healthUserId: expect.stringMatching(/^\d+$/),
    legacyUserId: 'B7LAB2',
  })
  expect((await health.me(`${identity.healthUserId}/dataTypes/steps/dataPoints?pageSize=1`)).status).toBe(200)
})

test('settings and devices need the scope of settings, the profile its own', async () => {
  expect((await health.me('me/settings')).status).toBe(403)
  expect((await health.me('me/profile')).status).toBe(403)
  const other = await client(lab, `${scopeOf('settings')} ${scopeOf('profile')}`)
  expect(await (await other.me('me/settings')).json()).toMatchObject({ timeZone: 'Europe/Berlin' })
  expect(await (await other.me('me/pairedDevices')).json()).toMatchObject({
    pairedDevices: [{ deviceType: 'TRACKER', lastSyncTime: '2026-11-20T08:00:00Z' }],
  })
  expect((await other.me('me/profile')).status).toBe(200)
})

test.each([
  ['steps', 'sleep'],
  ['heart-rate', 'activity_and_fitness'],
  ['daily-vo2-max', 'health_metrics_and_measurements'],
  ['sleep', 'activity_and_fitness'],
])('%s is forbidden with the scope %s alone', async (type, area) => {
  const other = await client(lab, scopeOf(area))
  expect(await reasonOf(await other.get(`${type}/dataPoints`))).toEqual([
    403,
    'PERMISSION_DENIED',
    'ACCESS_TOKEN_SCOPE_INSUFFICIENT',
  ])
})

test('without a token that lives it is 401', async () => {
  const bare = await fetch(`${lab.url}/google-health/v4/users/me/identity`)
  expect((await reasonOf(bare)).slice(0, 2)).toEqual([401, 'UNAUTHENTICATED'])
  lab.pass({ hours: 1 })
  expect((await reasonOf(await health.me('me/identity'))).slice(0, 2)).toEqual([401, 'UNAUTHENTICATED'])
})

test('an account that was never linked says so', async () => {
  const other = await startTestLab(NOW, { options: { 'google-health': { linked: false } } })
  const unlinked = await client(other)
  for (const answer of [await unlinked.me('me/identity'), await unlinked.get('steps/dataPoints')])
    expect(await reasonOf(answer)).toEqual([400, 'FAILED_PRECONDITION', 'ACCOUNT_NOT_LINKED'])
  await other.close()
})

describe('too many requests', () => {
  const statuses = async (count: number, from: HealthClient) =>
    (await Promise.all(Array.from({ length: count }, () => from.me('me/identity')))).map(
      ({ status }) => status,
    )
  const refused = (found: number[]) => found.filter((status) => status === 429).length

  test('are those beyond 300 a minute for the user, and no header says when it ends', async () => {
    expect(refused(await statuses(300, health))).toBe(0)
    const answer = await health.me('me/identity')
    expect([...answer.headers.keys()].filter((name) => /rate|retry/.test(name))).toEqual([])
    expect(await reasonOf(answer)).toEqual([429, 'RESOURCE_EXHAUSTED', 'RATE_LIMIT_EXCEEDED'])
    const again = await client(lab)
    expect(refused(await statuses(1, again))).toBe(1)
    lab.pass({ minutes: 1 })
    expect(refused(await statuses(1, health))).toBe(0)
  })

  test('are those beyond five in two seconds while the app is unverified', async () => {
    const other = await startTestLab(NOW, { options: { 'google-health': { unverified: true } } })
    const slow = await client(other)
    expect(refused(await statuses(6, slow))).toBe(1)
    other.pass({ seconds: 2 })
    expect(refused(await statuses(5, slow))).toBe(0)
    await other.close()
  })
})

test('in testing mode its refresh tokens die after seven days', async () => {
  const other = await startTestLab(NOW, { options: { 'google-health': { testing: true } } })
  const { token } = await client(other)
  const { clientId, clientSecret } = other.lab.client(service.source)
  const refresh = async () => {
    const body = new URLSearchParams({
      grant_type: 'refresh_token',
      refresh_token: token.refresh_token ?? '',
      client_id: clientId,
      client_secret: clientSecret,
    })
    return (await fetch(`${other.url}/google-health/token`, { method: 'POST', body })).status
  }
  expect(await refresh()).toBe(200)
  other.pass({ days: 7, seconds: 1 })
  expect(await refresh()).toBe(400)
  await other.close()
})
