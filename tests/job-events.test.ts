import { afterAll, beforeAll, expect, test } from 'vitest'
import { connectByHttp, createHttpUser, type HttpUser } from './harness/http-user.ts'
import { type App, startApp } from './harness/start-app.ts'

const password = 'a long password'
let app: App
let stopped = false

interface Job {
  id: string
  status: string
  trigger: string
  counts: { read: number; requests: number }
  streams: Record<string, { read: number }>
}

interface ValuesChanged {
  cause: string
  metrics: { metric: string; from: string; to: string; count: number }[]
}

beforeAll(async () => {
  app = await startApp({
    TRIBUTARY_SIMULATE: 'all',
    TRIBUTARY_ADMIN_EMAIL: 'ada@example.org',
    TRIBUTARY_ADMIN_PASSWORD: password,
  })
})

afterAll(() => (stopped ? undefined : app.stop()))

async function signIn(email = 'ada@example.org'): Promise<HttpUser> {
  const user = createHttpUser(app)
  await user.json('POST', '/api/auth/sign-in/email', { email, password })
  return user
}

/** Reads a stream of events as they come. */
async function listen(user: HttpUser, after?: string) {
  const path = '/api/import-jobs/events'
  const response =
    after === undefined
      ? await user.request('GET', path)
      : await fetch(app.url + path, { headers: { cookie: user.cookie(), 'last-event-id': after } })
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  const jobs: Job[] = []
  const values: ValuesChanged[] = []
  const ids: string[] = []
  let text = ''
  const ended = (async () => {
    for (;;) {
      const { done, value = '' } = (await reader?.read()) ?? { done: true }
      if (done) return
      const blocks = (text + value).split('\n\n')
      text = blocks.pop() ?? ''
      for (const block of blocks) {
        const [, data] = /^event: job\ndata: (.*)$/.exec(block) ?? []
        if (data !== undefined) jobs.push(JSON.parse(data) as Job)
        const [, changes] = /^event: values\ndata: (.*)$/.exec(block) ?? []
        if (changes !== undefined) values.push(JSON.parse(changes) as ValuesChanged)
        const [, id] = /^id: (.*)$/.exec(block) ?? []
        if (id !== undefined) ids.push(id)
      }
    }
  })()
  return { response, jobs, values, ids, ended, leave: () => reader?.cancel() }
}

test('counts of an import are seen while it runs, and another user sees none of it', async () => {
  const ada = await signIn()
  const { link } = await ada.json<{ link: string }>('POST', '/api/admin/invitations', {})
  const ben = createHttpUser(app)
  const account = { name: 'Ben', email: 'ben@example.org', password, timeZone: 'Europe/Berlin' }
  await ben.request('POST', new URL(link).pathname, new URLSearchParams(account))
  const [mine, other] = [await listen(ada), await listen(ben)]
  expect(mine.response.headers.get('content-type')).toBe('text/event-stream')
  expect(mine.response.headers.get('cache-control')).toBe('no-store')
  expect(other.response.status).toBe(200)

  await connectByHttp(ada, 'fitbit')
  const ofConnect = () => mine.jobs.filter(({ trigger }) => trigger === 'connect')
  await expect.poll(() => ofConnect().at(-1)?.status).toBe('succeeded')
  // The last days may be imported before anybody can look; the history takes many commits.
  const running = () => mine.jobs.filter(({ status, counts }) => status === 'running' && counts.read > 0)
  await expect.poll(() => running().length).toBeGreaterThan(0)
  expect(Object.keys(running().at(-1)?.streams ?? {}).length).toBeGreaterThan(0)
  expect(await ada.json('GET', `/api/import-jobs/${ofConnect()[0]?.id}`)).toEqual({ job: ofConnect().at(-1) })

  expect(other.jobs).toEqual([])
  await connectByHttp(ben, 'fitbit')
  await expect.poll(() => other.jobs.map(({ status }) => status)).toContain('succeeded')
  const ids = new Set(mine.jobs.map(({ id }) => id))
  expect(other.jobs.filter(({ id }) => ids.has(id))).toEqual([])
  await mine.leave()
  await other.leave()
})

test('who reconnects with the last id gets the jobs that ended meanwhile and the values that changed', async () => {
  const ada = await signIn()
  const before = await listen(ada)
  await expect.poll(() => before.ids.length).toBeGreaterThan(0)
  await before.leave()
  const { job } = await ada.json<{ job: Job }>('POST', '/api/plugins/fitbit/sync', {})
  const status = async () => (await ada.json<{ job: Job }>('GET', `/api/import-jobs/${job.id}`)).job.status
  await expect.poll(status).toBe('succeeded')
  await ada.json('PUT', '/api/metrics/manual', { metric: 'fitbit.steps', date: '2026-01-02', value: 4 })

  const after = await listen(ada, before.ids.at(-1))
  const ofDay = { from: '2026-01-02', to: '2026-01-02', count: 1 }
  await expect
    .poll(() => after.values)
    .toContainEqual({
      cause: 'manual',
      jobId: null,
      metrics: [
        { metric: 'fitbit.steps', ...ofDay },
        { metric: 'metric.steps', ...ofDay },
      ],
    })
  expect(after.jobs.filter(({ id }) => id === job.id).map(({ status }) => status)).toEqual(['succeeded'])
  await after.leave()
  // A text that is no id begins where the outbox ends.
  const odd = await listen(ada, "1:1:'; drop table events")
  await expect.poll(() => odd.ids.length).toBeGreaterThan(0)
  expect(odd.values).toEqual([])
  await odd.leave()
})

test('a seventh stream is refused with a sentence, until one of the others is left', async () => {
  const ada = await signIn()
  const six = []
  for (let index = 0; index < 6; index++) six.push(await listen(ada))
  const seventh = await ada.request('GET', '/api/import-jobs/events')
  expect(seventh.status).toBe(429)
  expect(await seventh.json()).toMatchObject({
    code: 'too-many-watches',
    detail: expect.stringMatching(/\.$/),
  })
  await six.shift()?.leave()
  await expect
    .poll(async () => {
      const next = await listen(ada)
      await next.leave()
      return next.response.status
    })
    .toBe(200)
  for (const one of six) await one.leave()
})

test('a stream ends with its session, and says nothing more', async () => {
  const [here, elsewhere] = [await signIn(), await signIn()]
  const { jobs, ended } = await listen(here)
  await here.json('POST', '/api/auth/sign-out', {})
  const before = jobs.length
  const { job } = await elsewhere.json<{ job: Job }>('POST', '/api/plugins/fitbit/sync', {})
  await ended
  expect(jobs.slice(before).filter(({ id }) => id === job.id)).toEqual([])
  expect((await here.request('GET', '/api/import-jobs/events')).status).toBe(401)
})

test.each<[string, object]>([
  ['is disabled', { disabled: true }],
  ['gets another role', { role: 'admin' }],
])('a stream of a user who %s ends, and says nothing more', async (_, change) => {
  const ada = await signIn()
  const { link } = await ada.json<{ link: string }>('POST', '/api/admin/invitations', {})
  const email = `${Object.keys(change).join()}@example.org`
  const cy = createHttpUser(app)
  await cy.request('POST', link, new URLSearchParams({ name: 'Cy', email, password, timeZone: 'UTC' }))
  const { token } = await cy.json<{ token: string }>('POST', '/api/account/tokens', {
    name: 'x',
    scopes: ['read', 'import'],
    days: 1,
  })
  await connectByHttp(cy, 'fitbit')
  const { jobs, ended } = await listen(cy)
  const { users } = await ada.json<{ users: { id: string; email: string }[] }>('GET', '/api/admin/users')
  const id = users.find((user) => user.email === email)?.id ?? ''
  await ada.json('PATCH', `/api/admin/users/${id}`, change)
  const before = jobs.length
  // Whatever happens to the user's jobs from here on would be told.
  if ('role' in change) {
    const headers = { authorization: `Bearer ${token}` }
    await fetch(`${app.url}/api/plugins/fitbit/sync`, { method: 'POST', headers })
  } else await ada.json('DELETE', `/api/admin/users/${id}`)
  await ended
  expect(jobs.slice(before)).toEqual([])
})

test('a stream of a token ends when the token is revoked', async () => {
  const ada = await signIn()
  const { token, info } = await ada.json<{ token: string; info: { id: string } }>(
    'POST',
    '/api/account/tokens',
    { name: 'x', scopes: ['read'], days: 1 },
  )
  const headers = { authorization: `Bearer ${token}` }
  const program = { request: (_: string, path: string) => fetch(new URL(path, app.url), { headers }) }
  const { jobs, ended } = await listen(program as HttpUser)
  await ada.json('POST', '/api/plugins/fitbit/sync', {})
  await expect.poll(() => jobs.length).toBeGreaterThan(0)
  const before = jobs.length
  await ada.json('DELETE', `/api/account/tokens/${info.id}`)
  const { job } = await ada.json<{ job: Job }>('POST', '/api/plugins/fitbit/sync', {})
  await ended
  expect(jobs.slice(before).filter(({ id }) => id === job.id)).toEqual([])
})

test('an open stream does not keep the app from ending', async () => {
  const { ended } = await listen(await signIn())
  stopped = true
  await app.stop()
  await ended
})
