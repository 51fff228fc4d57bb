import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../packages/engine/src/testing/test-database.ts'
import { createHttpUser, type HttpUser } from './harness/http-user.ts'
import { routeTable } from './harness/route-table.ts'
import { type App, startApp } from './harness/start-app.ts'

let database: TestDatabase
let app: App
let secure: App
let ada: HttpUser
const credentials = { email: 'ada@example.org', password: 'a long password' }

beforeAll(async () => {
  database = await createTestDatabase({ empty: true })
  const environment = {
    DATABASE_URL: database.url,
    TRIBUTARY_SIMULATE: 'all',
    TRIBUTARY_ADMIN_EMAIL: credentials.email,
    TRIBUTARY_ADMIN_PASSWORD: credentials.password,
    TRIBUTARY_KEYS: Buffer.alloc(32, 7).toString('base64'),
  }
  app = await startApp(environment)
  secure = await startApp({ ...environment, PUBLIC_URL: 'https://hub.example' })
  ada = createHttpUser(app)
  await ada.json('POST', '/api/auth/sign-in/email', credentials)
})

afterAll(async () => {
  await app.stop()
  await secure.stop()
  await database.drop()
})

const reads = Object.entries(routeTable)
  .filter(([key]) => key.startsWith('GET ') && !key.includes('['))
  .map(([key, { query }]) => (key.split(' ')[1] ?? '') + (query ? `?${query}` : ''))

/** An answer as a browser or a cache sees it. */
const readAs = (who: HttpUser, path: string) => who.request('GET', path)

describe('every answer', () => {
  test.each([...reads, '/favicon.svg', '/robots.txt', '/nothing', '/api/nothing', '/api/metrics/daily?x=1'])(
    '%s is guarded, for whoever asks',
    async (path) => {
      for (const who of [ada, createHttpUser(app)]) {
        const response = await readAs(who, path)
        const { headers } = response
        expect(headers.get('x-content-type-options')).toBe('nosniff')
        expect(headers.get('x-frame-options')).toBe('DENY')
        expect(headers.get('referrer-policy')).toBe('same-origin')
        expect(headers.get('cross-origin-opener-policy')).toBe('same-origin')
        expect(headers.get('cross-origin-resource-policy')).toBe('same-origin')
        expect(headers.get('permissions-policy')).toContain('geolocation=()')
        expect(headers.get('strict-transport-security')).toBeNull()
        const policy = directives(headers.get('content-security-policy') ?? '')
        expect(policy.get('frame-ancestors')).toBe("'none'")
        expect(policy.get('base-uri')).toBe("'none'")
        const scripts = policy.get('script-src') ?? policy.get('default-src') ?? 'missing'
        expect(scripts).not.toMatch(/unsafe|\*|https?:|data:|missing/)
        if (!/\.(svg|txt)$/.test(path)) {
          expect(headers.get('cache-control')).toBe('no-store')
          expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
        }
        await response.body?.cancel()
      }
    },
  )

  test('says over TLS that it is to stay so, and its cookies go nowhere else', async () => {
    for (const path of ['/sign-in', '/api/plugins', '/favicon.svg'])
      expect((await fetch(secure.url + path)).headers.get('strict-transport-security')).toBe(
        'max-age=31536000',
      )
    const response = await fetch(`${secure.url}/api/auth/sign-in/email`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: 'https://hub.example' },
      body: JSON.stringify(credentials),
    })
    expect(response.status).toBe(200)
    const cookies = response.headers.getSetCookie()
    expect(cookies.length).toBeGreaterThan(0)
    for (const cookie of cookies) {
      expect(cookie).toMatch(/^__Host-tributary\./)
      expect(cookie).toMatch(/; Secure/)
      expect(cookie).toMatch(/; HttpOnly/)
      expect(cookie).not.toMatch(/Domain/i)
    }
    expect(await response.text()).not.toContain('token')
  })
})

test('a page runs no script without a nonce that is new each time, a page that says what went wrong too', async () => {
  const nonces = new Set<string>()
  const pages = ['/today', '/today', '/sign-in?x', '/nothing', '/settings/plugins/nothing', '/set-up/nothing']
  const html = { accept: 'text/html' }
  for (const path of pages) {
    const who = path.startsWith('/sign-in') ? createHttpUser(app) : ada
    const response = await fetch(app.url + path, { headers: { ...html, cookie: who.cookie() } })
    const text = await response.text()
    const policy = directives(response.headers.get('content-security-policy') ?? '')
    const nonce = /'nonce-([^']+)'/.exec(policy.get('script-src') ?? '')?.[1] ?? ''
    expect(nonce, path).not.toBe('')
    nonces.add(nonce)
    const inline = [...text.matchAll(/<script(?![^>]*\bsrc=)([^>]*)>/g)].map(([, attributes]) => attributes)
    expect(inline.length).toBeGreaterThan(0)
    for (const attributes of inline) expect(attributes).toContain(`nonce="${nonce}"`)
    expect(text).not.toMatch(/\son\w+=/)
  }
  expect(nonces.size).toBe(pages.length)
})

describe('an error', () => {
  test.each([
    ['nobody', 'GET', '/api/plugins', 401],
    ['ada', 'GET', '/api/nothing', 404],
    ['ada', 'DELETE', '/api/plugins', 405],
    ['ada', 'GET', '/api/metrics/daily', 400],
    ['nobody', 'POST', '/api/auth/sign-in/email', 400],
  ])('to %s %s %s carries its request id in header and body', async (who, method, path, status) => {
    const response = await (who === 'ada' ? ada : createHttpUser(app)).request(method, path)
    expect(response.status).toBe(status)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    const { requestId } = (await response.json()) as { requestId: string }
    expect(requestId).toBe(response.headers.get('x-request-id'))
  })

  test('of ours is found in the log by its id, and tells nothing', async () => {
    await database.query('alter table tributary.metric_templates rename to elsewhere')
    try {
      const response = await ada.request('GET', '/api/metric-templates')
      expect(response.status).toBe(500)
      const id = response.headers.get('x-request-id') ?? ''
      expect(await response.json()).toEqual({
        type: 'about:blank',
        title: 'Internal Server Error',
        status: 500,
        code: 'internal',
        detail: expect.stringMatching(/^Something went wrong on our side\./) as string,
        requestId: id,
      })
      const page = await ada.request('GET', '/settings/metrics')
      const pageId = page.headers.get('x-request-id') ?? ''
      expect(page.status).toBe(500)
      expect(await page.text()).not.toContain('metric_templates')
      await expect.poll(() => app.output()).toContain(`"requestId":"${id}"`)
      await expect.poll(() => app.output()).toContain(`"requestId":"${pageId}"`)
    } finally {
      await database.query('alter table tributary.elsewhere rename to metric_templates')
    }
  })
})

const hostile = [
  'https://evil.example/',
  '//evil.example',
  '///evil.example',
  '/\\evil.example',
  '\\\\evil.example',
  '/%5cevil.example/..//evil.example',
  '/\t/evil.example',
  '/\n/evil.example',
  ' //evil.example',
  'javascript:alert(1)',
  'data:text/html,x',
  '/.//evil.example',
  '/..//evil.example',
  '/today/..//evil.example',
  'http:evil.example',
  'https:/evil.example',
  '/api/plugins/fitbit/auth',
  '/sign-out',
  '@evil.example',
  '.evil.example',
]

test.each(hostile)('nobody is sent on to %j', async (next) => {
  const query = new URLSearchParams({ next }).toString()
  const already = await ada.request('GET', `/sign-in?${query}`)
  const signingIn = await createHttpUser(app).request(
    'POST',
    `/sign-in?${query}`,
    new URLSearchParams(credentials),
  )
  for (const response of [already, signingIn]) {
    expect(response.status).toBe(303)
    const location = new URL(response.headers.get('location') ?? '', app.url)
    expect(location.origin).toBe(new URL(app.url).origin)
    expect(location.pathname).not.toMatch(/^\/(api|sign-out|\/)/)
  }
})

test.each(['//evil.example/today', '/today?next=//evil.example', '/%2f%2fevil.example'])(
  'who asks for %s signed out is not led elsewhere by the way back',
  async (path) => {
    const response = await fetch(app.url + path, { redirect: 'manual' })
    const location = response.headers.get('location') ?? '/'
    expect(new URL(location, app.url).origin).toBe(new URL(app.url).origin)
  },
)

test('a browser with a token beside cookies of another is who the token says', async () => {
  const { token } = await ada.json<{ token: string }>('POST', '/api/account/tokens', {
    name: 'x',
    scopes: ['read'],
    days: 1,
  })
  const headers = { authorization: `Bearer ${token}`, cookie: ada.cookie() }
  const read = await fetch(`${app.url}/api/plugins`, { headers })
  expect(read.status).toBe(200)
  const account = await fetch(`${app.url}/api/account/tokens`, { headers })
  expect(account.status).toBe(403)
  expect(account.headers.get('www-authenticate')).toMatch(/^Bearer error="insufficient_scope"/)
  for (const path of ['/%61pi/account/tokens', '/ap%69/account/tokens'])
    expect((await fetch(app.url + path, { headers })).status).toBe(403)
  const page = await fetch(`${app.url}/today`, {
    headers: { authorization: `Bearer ${token}` },
    redirect: 'manual',
  })
  expect(page.headers.get('location')).toMatch(/^\/sign-in/)
  // From a page elsewhere: who has the token needs no cookie, and a cookie alone is not enough.
  const write = { method: 'PUT', body: '{"order":[]}' }
  const from = { origin: 'https://evil.example', 'content-type': 'application/json' }
  const { token: writing } = await ada.json<{ token: string }>('POST', '/api/account/tokens', {
    name: 'x',
    scopes: ['write'],
    days: 1,
  })
  const byToken = { ...write, headers: { ...from, authorization: `Bearer ${writing}` } }
  expect((await fetch(`${app.url}/api/preferences/sources`, byToken)).status).toBe(200)
  const byCookie = { ...write, headers: { ...from, cookie: ada.cookie() } }
  expect((await fetch(`${app.url}/api/preferences/sources`, byCookie)).status).toBe(403)
})

test('whoever guesses is told how long to wait, in the page and in the header', async () => {
  const guess = { email: 'guessed@example.org', password: 'wrong' }
  let response: Response
  do response = await createHttpUser(app).request('POST', '/api/auth/sign-in/email', guess)
  while (response.status === 401)
  expect(response.status).toBe(429)
  expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0)
  const page = await createHttpUser(app).request('POST', '/sign-in', new URLSearchParams(guess))
  expect(page.status).toBe(429)
  expect(await page.text()).toMatch(/Too many tries\. Wait \d+ seconds?, then try again\./)
})

test('nothing is given as a table, of which a spreadsheet would take cells for formulas', async () => {
  await ada.json('POST', '/api/metric-templates', { name: '=1+1', metrics: [] })
  for (const path of reads) {
    const response = await ada.request('GET', path)
    await response.body?.cancel()
    expect(response.headers.get('content-type') ?? 'text/plain', path).toMatch(
      /^(text\/(html|plain|event-stream)|application\/(json|problem\+json|x-ndjson))\b/,
    )
  }
  const lines = (await (await ada.request('GET', '/api/account/export')).text()).trimEnd().split('\n')
  expect(lines.some((line) => line.includes('"=1+1"'))).toBe(true)
  for (const line of lines) expect(line).toMatch(/^\{".*\}$/)
})

test.each([{ 'sec-fetch-site': 'cross-site' }, { referer: 'https://evil.example/a-page' }])(
  'a link on another site downloads no export: %j',
  async (from) => {
    const headers = { ...from, cookie: ada.cookie() }
    const response = await fetch(`${app.url}/api/account/export`, {
      headers: headers as Record<string, string>,
    })
    expect(response.status).toBe(403)
    expect(await response.json()).toMatchObject({ code: 'cross-site' })
  },
)

test('an export comes whole', async () => {
  const response = await ada.request('GET', '/api/account/export')
  expect(response.headers.get('content-disposition')).toMatch(
    /^attachment; filename="tributary-[\d-]+\.ndjson"$/,
  )
  const lines = (await response.text()).trimEnd().split('\n')
  expect(JSON.parse(lines.at(-1) ?? '')).toEqual({ end: { rows: lines.length - 2 } })
})

function directives(policy: string): Map<string, string> {
  return new Map(
    policy.split(';').map((directive) => {
      const [name = '', ...values] = directive.trim().split(/\s+/)
      return [name, values.join(' ')]
    }),
  )
}
