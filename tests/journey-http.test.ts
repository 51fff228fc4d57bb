import { afterAll, beforeAll, expect, test } from 'vitest'
import { connectByHttp, createHttpUser, type HttpUser } from './harness/http-user.ts'
import { type App, startApp } from './harness/start-app.ts'

let app: App
let ada: HttpUser

interface Job {
  id: string
  status: string
  counts: Record<string, number>
}

beforeAll(async () => {
  app = await startApp({
    TRIBUTARY_SIMULATE: 'all',
    TRIBUTARY_ADMIN_EMAIL: 'ada@example.org',
    TRIBUTARY_ADMIN_PASSWORD: 'a long password',
  })
  ada = createHttpUser(app)
})

afterAll(() => app.stop())

test('sign-up is closed, a wrong password is refused, the right one signs in', async () => {
  const stranger = createHttpUser(app)
  const account = { name: 'Eve', email: 'eve@example.org', password: 'a long password' }
  expect((await stranger.request('POST', '/api/auth/sign-up/email', account)).ok).toBe(false)
  const wrong = await ada.request('POST', '/api/auth/sign-in/email', {
    email: 'ada@example.org',
    password: 'another one',
  })
  expect(wrong.status).toBe(401)
  const right = await ada.request('POST', '/api/auth/sign-in/email', {
    email: 'ada@example.org',
    password: 'a long password',
  })
  expect(right.status).toBe(200)
  const { plugins } = await ada.json<{ plugins: { plugin: { id: string } }[] }>('GET', '/api/plugins')
  expect(plugins).toContainEqual(
    expect.objectContaining({ connected: false, plugin: expect.objectContaining({ id: 'fitbit' }) }),
  )
})

test('each way in which connecting fails lands with a code of its own and stores nothing', async () => {
  expect(await connectByHttp(ada, 'fitbit', { refuse: true })).toContain(
    '/settings/plugins?error=access_denied',
  )
  const changed = await connectByHttp(ada, 'fitbit', {
    change: ({ searchParams }) => searchParams.set('state', 'x'),
  })
  expect(changed).toContain('/settings/plugins?error=invalid_state')
  const stale = await connectByHttp(ada, 'fitbit', {
    change: ({ searchParams }) => searchParams.set('code', 'x'),
  })
  expect(stale).toContain('/settings/plugins?error=invalid_code')
  expect(await ada.json('GET', '/api/plugins/fitbit')).toMatchObject({ connected: false, state: null })
})

test('a link from another site cannot begin a connection', async () => {
  for (const site of ['cross-site', 'same-site', 'same-origin']) {
    const response = await fetch(`${app.url}/api/plugins/fitbit/auth`, {
      headers: { cookie: ada.cookie(), 'sec-fetch-site': site },
      redirect: 'manual',
    })
    expect(response.status, site).toBe(site === 'same-origin' ? 302 : 403)
  }
})

test('connecting imports all days as they truly were, and a second sync changes nothing', async () => {
  expect(await connectByHttp(ada, 'fitbit')).toBe('/settings/plugins?success=fitbit')
  const truthUrl = new URL('/lab/truth/fitbit', app.url)
  const today = Temporal.Now.zonedDateTimeISO('Europe/Berlin').toPlainDate()
  const range = { from: today.subtract({ days: 13 }).toString(), to: today.toString() }
  truthUrl.search = new URLSearchParams(range).toString()
  const { days: truth } = (await (await fetch(truthUrl)).json()) as { days: Record<string, number | null>[] }
  await ada.json('PATCH', '/api/account', { timeZone: 'Europe/Berlin' })
  const asked = await ada.json<{ job: Job }>('POST', '/api/plugins/fitbit/sync', {
    startDate: range.from,
    endDate: range.to,
  })
  expect(asked.job.status).toBe('succeeded')
  const { days } = await ada.json<{ days: { date: string; values: Record<string, number | null> }[] }>(
    'GET',
    `/api/metrics/daily?from=${range.from}&to=${range.to}&metrics=fitbit.steps,fitbit.sleepLength,fitbit.bedTime,fitbit.wakeUpTime,fitbit.restingHeartRate`,
  )
  expect(days).toEqual(
    truth.map(({ date, steps, sleepMinutes, bedTime, wakeUpTime, restingHeartRate }) => ({
      date,
      values: {
        'fitbit.steps': steps,
        'fitbit.sleepLength': typeof sleepMinutes === 'number' ? sleepMinutes * 60 : null,
        'fitbit.bedTime': bedTime,
        'fitbit.wakeUpTime': wakeUpTime,
        'fitbit.restingHeartRate': restingHeartRate,
      },
    })),
  )
  const { job } = await ada.json<{ job: Job }>('POST', '/api/plugins/fitbit/sync')
  expect(job).toMatchObject({ status: 'succeeded', counts: { new: 0, changed: 0, removed: 0, rejected: 0 } })
  expect(await ada.json('GET', `/api/import-jobs/${job.id}`)).toEqual({ job })
})

test.each([
  ['GET', '/api/metrics/daily', 400],
  ['GET', '/api/metrics/daily?from=2026-02-30&to=2026-03-01', 400],
  ['GET', '/api/metrics/daily?from=2026-03-02&to=2026-03-01', 400],
  ['GET', '/api/metrics/daily?from=2026-03-01&to=2026-03-02&more=1', 400],
  ['POST', '/api/plugins/fitbit/sync?', 400],
  ['GET', '/api/plugins/none', 404],
  ['GET', '/api/import-jobs/none', 404],
  ['GET', '/api/import-jobs?before=yesterday', 400],
  ['GET', '/api/coverage?plugin=fitbit&from=2026-03-01', 400],
  ['GET', '/api/coverage?plugin=fitbit&from=2026-03-02&to=2026-03-01', 400],
  ['GET', '/api/coverage?plugin=none&from=2026-03-01&to=2026-03-02', 404],
  ['GET', '/api/metrics/explain?metric=steps&date=2026-03-01', 400],
  ['GET', '/api/metrics/explain?metric=metric.steps&date=2026-02-30', 400],
  ['GET', '/api/metrics/explain?metric=metric.steps&date=2026-03-01&more=1', 400],
  ['GET', '/api/metrics/explain?metric=metric.none&date=2026-03-01', 404],
  ['GET', '/api/raw-pages/999999/0', 404],
  ['GET', '/api/raw-pages/1/first', 404],
  ['GET', '/api/none', 404],
])('%s %s is answered with %i and a sentence', async (method, path, status) => {
  const response = await ada.request(method, path, method === 'POST' ? { startDate: 'yesterday' } : undefined)
  expect(response.status).toBe(status)
  expect(response.headers.get('content-type')).toBe('application/problem+json')
  const problem = (await response.json()) as { detail: string; requestId: string }
  expect(problem.detail).toMatch(/^["A-Z].*\.$/)
  expect(problem.requestId).toBe(response.headers.get('x-request-id'))
})

test.each([
  'application/json',
  'text/plain',
  'application/x-www-form-urlencoded',
  'application/csp-report',
  '',
])('a request that another site made is refused, JSON or not (%s)', async (type) => {
  const send = (headers: Record<string, string>) =>
    fetch(`${app.url}/api/metric-templates`, {
      method: 'POST',
      headers: { cookie: ada.cookie(), ...(type === '' ? {} : { 'content-type': type }), ...headers },
      body: Buffer.from('{"name":"of another site","metrics":[]}'),
    })
  for (const from of [
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: `${app.url}.evil.example` },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site', origin: app.url },
  ]) {
    const response = await send(from)
    expect(response.status, JSON.stringify(from)).toBe(403)
    expect(await response.json()).toMatchObject({ code: 'cross-site' })
  }
  const made = await ada.json<{ templates: { name: string }[] }>('GET', '/api/metric-templates')
  expect(made.templates.map(({ name }) => name)).not.toContain('of another site')
  expect((await send({ origin: app.url, 'sec-fetch-site': 'same-origin' })).status).toBe(201)
  const { templates } = await ada.json<{ templates: { id: string; name: string }[] }>(
    'GET',
    '/api/metric-templates',
  )
  const own = templates.find(({ name }) => name === 'of another site')
  await ada.json('DELETE', `/api/metric-templates/${own?.id}`)
})

test('disconnecting keeps the data unless told otherwise', async () => {
  expect(await ada.json('DELETE', '/api/plugins/fitbit?data=delete')).toEqual({ success: true })
  const { days } = await ada.json<{ days: { values: object }[] }>(
    'GET',
    '/api/metrics/daily?from=2026-01-01&to=2026-01-03',
  )
  expect(days.map(({ values }) => values)).toEqual([{}, {}, {}])
})
