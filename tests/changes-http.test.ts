import { afterAll, beforeAll, expect, test } from 'vitest'
import { createHttpUser, type HttpUser } from './harness/http-user.ts'
import { type App, startApp } from './harness/start-app.ts'

interface Change {
  metric: string
  date: string
  before: number | null
  after: number | null
  cause: string
  jobId: string | null
  at: string
}
interface ChangePage {
  changes: Change[]
  next: string | null
}

const password = 'a long password'
const day = '2026-01-02'
let app: App
let ada: HttpUser
const list = (query = '') => ada.json<ChangePage>('GET', `/api/metrics/changes${query}`)
const enter = (metric: string, ...values: (number | null)[]) =>
  values.reduce<Promise<unknown>>(async (before, value) => {
    await before
    return ada.json('PUT', '/api/metrics/manual', { metric, date: day, value })
  }, Promise.resolve())

beforeAll(async () => {
  app = await startApp({ TRIBUTARY_ADMIN_EMAIL: 'ada@example.org', TRIBUTARY_ADMIN_PASSWORD: password })
  ada = createHttpUser(app)
  await ada.json('POST', '/api/auth/sign-in/email', { email: 'ada@example.org', password })
  await enter('fitbit.steps', 5, 6, null)
  await enter('fitbit.restingHeartRate', 60, 61)
})

afterAll(() => app.stop())

test('changes are listed with what the value was, what it is and why, the oldest first', async () => {
  const { changes, next } = await list('?metric=fitbit.steps')
  expect(changes).toEqual([
    {
      metric: 'fitbit.steps',
      date: day,
      before: 5,
      after: 6,
      cause: 'manual',
      jobId: null,
      at: expect.stringMatching(/^\d{4}-.*Z$/) as string,
    },
    expect.objectContaining({ before: 6, after: null, cause: 'manual' }),
  ])
  expect(next).toBeNull()
})

test('changes come in parts, since a moment or a day, and a list that is asked again has the new ones alone', async () => {
  const { changes: all } = await list()
  const parts: Change[] = []
  let query = '?limit=2'
  while (query !== '') {
    const { changes, next } = await list(query)
    expect(changes.length).toBeLessThanOrEqual(2)
    parts.push(...changes)
    query = next === null ? '' : `?limit=2&after=${encodeURIComponent(next)}`
  }
  expect(parts).toEqual(all)
  expect(await list('?since=2026-01-01')).toEqual({ changes: all, next: null })
  expect(await list('?since=2999-01-01T00:00:00Z')).toEqual({ changes: [], next: null })

  const last = all.at(-1)
  await enter('fitbit.restingHeartRate', 62)
  const { changes: later } = await list(`?since=${last?.at ?? ''}`)
  expect(later.filter((change) => !all.some(({ at }) => at === change.at))).toMatchObject([
    { metric: 'fitbit.restingHeartRate', before: 61, after: 62 },
    { metric: 'metric.resting-heart-rate', before: 61, after: 62 },
  ])
})

test.each([
  'since=yesterday',
  'since=2026-02-30',
  'since=2026-02-30T00:00:00Z',
  'after=7',
  'after=x_1',
  'metric=x',
  'limit=0',
  'limit=201',
])('a list is not asked by %s', async (query) => {
  const response = await ada.request('GET', `/api/metrics/changes?${query}`)
  expect(response.status).toBe(400)
  expect(((await response.json()) as { detail: string }).detail).toContain('must be')
})

test('an export of the account has the changes of its values and its events', async () => {
  const response = await ada.request('GET', '/api/account/export')
  const rows = (await response.text())
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { table?: string; row?: { cause?: string } })
  const changes = rows.filter(({ table }) => table === 'value_changes')
  expect(changes.length).toBe((await list()).changes.length)
  expect(rows.some(({ table }) => table === 'events')).toBe(true)
})
