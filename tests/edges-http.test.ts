import { once } from 'node:events'
import { type IncomingMessage, request as httpRequest } from 'node:http'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../packages/engine/src/testing/test-database.ts'
import { connectByHttp, createHttpUser, type HttpUser } from './harness/http-user.ts'
import { type App, startApp } from './harness/start-app.ts'

const credentials = { email: 'ada@example.org', password: 'a long password' }
let database: TestDatabase
let app: App
let ada: HttpUser

beforeAll(async () => {
  database = await createTestDatabase({ empty: true })
  app = await startApp({
    DATABASE_URL: database.url,
    TRIBUTARY_SIMULATE: 'all',
    TRIBUTARY_HOSTS: 'hub.of.ours.example',
    TRIBUTARY_ADMIN_EMAIL: credentials.email,
    TRIBUTARY_ADMIN_PASSWORD: credentials.password,
  })
  ada = createHttpUser(app)
  await ada.json('POST', '/api/auth/sign-in/email', credentials)
})

afterAll(async () => {
  await app.stop()
  await database.drop()
})

/** Sends headers that `fetch` sets by itself, such as Host. */
async function send(path: string, headers: Record<string, string>, method = 'GET', body = '') {
  const sent = httpRequest(new URL(path, app.url), { method, headers })
  sent.end(body)
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  return { status: response.statusCode, headers: response.headers, body: await text(response) }
}

test('behind a proxy that changes Host, a refused sign-in names the setting and its value', async () => {
  const { host } = new URL(app.url)
  const headers = { host, origin: 'https://hub.example', 'content-type': 'application/json' }
  const refused = await send('/api/auth/sign-in/email', headers, 'POST', JSON.stringify(credentials))
  expect(refused.status).toBe(403)
  expect(refused.body).toContain('set PUBLIC_URL=https://hub.example')

  const form = { ...headers, 'content-type': 'application/x-www-form-urlencoded' }
  const page = await send(
    '/sign-in',
    { ...form, 'sec-fetch-site': 'same-origin' },
    'POST',
    'email=a&password=b',
  )
  expect(page.status).toBe(403)
  expect(page.body).toContain('set PUBLIC_URL=https://hub.example')
})

test('a page of another site is not told to be the address of this one', async () => {
  const headers = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }
  const refused = await send('/api/auth/sign-out', headers, 'POST')
  expect(refused.status).toBe(403)
  expect(refused.body).not.toContain('evil.example')
})

test('connecting from another address than PUBLIC_URL leads back with a sentence that names it', async () => {
  const { host } = new URL(app.url)
  const headers = { cookie: ada.cookie(), host, referer: 'https://hub.example/settings/plugins' }
  const back = await send('/api/plugins/fitbit/auth', { ...headers, 'sec-fetch-site': 'same-origin' })
  expect(back.headers.location).toBe('/settings/plugins?error=other_address&plugin=fitbit')
  expect(await (await ada.request('GET', back.headers.location ?? '')).text()).toContain('PUBLIC_URL')
})

test('a link on another page begins no connection, also where the browser names it in Referer alone', async () => {
  const headers = { cookie: ada.cookie(), referer: 'http://evil.example/page' }
  expect((await send('/api/plugins/fitbit/auth', headers)).status).toBe(403)
})

test('a public name that is not this installation’s is refused by a sentence', async () => {
  for (const path of ['/sign-in', '/api/plugins', '/']) {
    const refused = await send(path, { host: 'evil.example', cookie: ada.cookie() })
    expect(refused.status).toBe(421)
    expect(refused.body).toContain('PUBLIC_URL')
  }
  expect((await send('/sign-in', { host: 'hub.of.ours.example' })).status).toBe(200)
  expect((await send('/sign-in', { host: 'nas.lan:5173' })).status).toBe(200)
  expect((await send('/healthz', { host: 'probe.example' })).status).toBe(200)
})

test('beside a token a cookie counts for nothing, however the path is spelled', async () => {
  const headers = { cookie: ada.cookie(), authorization: 'Bearer trib_wrong' }
  expect((await send('/api/plugins', headers)).status).toBe(401)
  expect((await send('/%61pi/plugins', headers)).status).toBe(401)
})

test('what the simulated providers issued is for admins alone', async () => {
  expect((await send('/lab/issued/fitbit', {})).status).toBe(404)
  expect((await send('/lab/%69ssued/fitbit', {})).status).toBe(404)
  expect((await send('/lab/issued/fitbit', { cookie: ada.cookie() })).status).toBe(200)
})

test('a callback that a browser delivers twice leads to the same success both times', async () => {
  let callback = ''
  const first = await connectByHttp(ada, 'fitbit', {
    change: (url) => (callback = url.pathname + url.search),
  })
  expect(first).toBe('/settings/plugins?success=fitbit')
  const again = await ada.request('GET', callback)
  expect(again.headers.get('location')).toBe('/settings/plugins?success=fitbit')
  expect(await ada.json('GET', '/api/plugins/fitbit')).toMatchObject({ connected: true, state: 'connected' })
})

test('an answer that belongs to no connection leaves a connected source as it is, and does not say otherwise', async () => {
  const back = await ada.request('GET', '/api/plugins/fitbit/callback?code=x&state=unknown')
  const page = await (await ada.request('GET', back.headers.get('location') ?? '')).text()
  expect(page).toContain('Fitbit is connected.')
  expect(page).not.toContain('Nothing was stored')
})

test('refuses a parameter that an endpoint does not declare, and a body where it takes none', async () => {
  for (const path of ['/api/plugins?x=1', '/api/openapi.json?x=1', '/api/account/sessions?x=1']) {
    const response = await ada.request('GET', path)
    expect(response.status, path).toBe(400)
    expect(await response.json()).toMatchObject({
      code: 'invalid-input',
      detail: 'Unknown: x. Leave it out.',
    })
  }
  const body = await ada.request('POST', '/api/plugins/fitbit/remap?x=1', { action: 'cancel' })
  expect(body.status).toBe(400)
  expect((await createHttpUser(app).request('POST', '/api/auth/sign-out', { x: 1 })).status).toBe(400)
  expect((await ada.request('GET', '/api/plugins/fitbit/callback?state=x&iss=y&hl=de')).status).toBe(302)
})

test('the API document is for anybody, and an address names the methods that it takes', async () => {
  const response = await createHttpUser(app).request('GET', '/api/openapi.json')
  const document = (await response.json()) as { openapi: string; servers: object[] }
  expect(document).toMatchObject({ openapi: '3.1.1', servers: [{ url: app.url }] })
  const refused = await ada.request('DELETE', '/api/plugins')
  expect([refused.status, refused.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
  const head = await ada.request('HEAD', '/api/plugins')
  expect([head.status, await head.text()]).toEqual([200, ''])
})
