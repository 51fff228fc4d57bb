import { afterAll, beforeAll, expect, test } from 'vitest'
import { type DatabaseProxy, startDatabaseProxy } from '../packages/engine/src/testing/database-proxy.ts'
import { createTestDatabase, type TestDatabase } from '../packages/engine/src/testing/test-database.ts'
import { createHttpUser, type HttpUser } from './harness/http-user.ts'
import { type App, startApp } from './harness/start-app.ts'

const credentials = { email: 'ada@example.org', password: 'a long password' }
const sentence = 'The database cannot be reached. Try again in a moment.'
let database: TestDatabase
let proxy: DatabaseProxy
let app: App
let ada: HttpUser
let token: string

beforeAll(async () => {
  database = await createTestDatabase({ empty: true })
  proxy = await startDatabaseProxy(database.url)
  app = await startApp({
    DATABASE_URL: proxy.url,
    TRIBUTARY_ADMIN_EMAIL: credentials.email,
    TRIBUTARY_ADMIN_PASSWORD: credentials.password,
  })
  ada = createHttpUser(app)
  await ada.json('POST', '/api/auth/sign-in/email', credentials)
  const made = await ada.json<{ token: string }>('POST', '/api/account/tokens', {
    name: 'a script',
    scopes: ['read'],
    days: null,
  })
  token = made.token
  proxy.setReachable(false)
})

afterAll(async () => {
  await app.stop()
  await proxy.close()
  await database.drop()
})

function upload(): Promise<Response> {
  const body = new FormData()
  body.append('file', new Blob(['date,a\n2026-01-01,1\n']), 'a.csv')
  return fetch(`${app.url}/api/plugins/csv/upload`, {
    method: 'POST',
    headers: { cookie: ada.cookie(), origin: app.url },
    body,
  })
}

const form = new URLSearchParams(credentials)
const requests: Record<string, () => Promise<Response>> = {
  'a page': () => ada.request('GET', '/today'),
  'the page of sources': () => ada.request('GET', '/settings/plugins'),
  'the form of signing in': () => ada.request('POST', '/sign-in', form),
  'the API': () => ada.request('GET', '/api/plugins'),
  'the API by a token': () =>
    fetch(`${app.url}/api/plugins`, { headers: { authorization: `Bearer ${token}` } }),
  'signing in by the API': () => ada.request('POST', '/api/auth/sign-in/email', credentials),
  'the callback of a provider': () => ada.request('GET', '/api/plugins/fitbit/callback?code=x&state=y'),
  'an upload': () => upload(),
}

test.each(Object.keys(requests))(
  'without a database %s answers 503 and says when to try again',
  async (name) => {
    const response = await requests[name]?.()
    expect(response?.status).toBe(503)
    expect(Number(response?.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await response?.text()).toContain(sentence)
  },
)

test.each(['/healthz', '/readyz'])('without a database %s is 503', async (path) => {
  expect((await ada.request('GET', path)).status).toBe(503)
})

test('the pages come back with the database', async () => {
  proxy.setReachable(true)
  expect((await ada.request('GET', '/today')).status).toBe(200)
  expect((await ada.request('GET', '/readyz')).status).toBe(200)
})

test('an upload for which the disk of the database has no room is refused by a sentence', async () => {
  await database.query(`create function public.no_room() returns trigger language plpgsql as
    $$ begin raise exception 'could not extend file: No space left on device' using errcode = '53100'; end $$`)
  await database.query(
    'create trigger no_room before insert on tributary.raw_bodies execute function public.no_room()',
  )
  const response = await upload()
  expect(response.status).toBe(507)
  expect(await response.json()).toMatchObject({
    code: 'disk-full',
    detail: 'The disk of this installation is full. Ask an admin to make room, then try again.',
  })
  expect((await ada.json<{ uploads: [] }>('GET', '/api/plugins/csv/uploads')).uploads).toEqual([])
})
