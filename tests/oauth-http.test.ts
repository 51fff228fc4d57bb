import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createHttpUser, type HttpUser } from './harness/http-user.ts'
import { type App, startApp } from './harness/start-app.ts'

const credentials = { email: 'ada@example.org', password: 'a long password' }

let app: App
let ada: HttpUser

beforeAll(async () => {
  app = await startApp({
    TRIBUTARY_SIMULATE: 'all',
    TRIBUTARY_ADMIN_EMAIL: credentials.email,
    TRIBUTARY_ADMIN_PASSWORD: credentials.password,
  })
  ada = await signIn()
})

afterAll(() => app.stop())

/** Signs in as from a browser of its own. */
async function signIn(): Promise<HttpUser> {
  const user = createHttpUser(app)
  const response = await user.request('POST', '/api/auth/sign-in/email', credentials)
  expect(response.status).toBe(200)
  return user
}

async function begin(user: HttpUser): Promise<URL> {
  const started = await user.request('GET', '/api/plugins/fitbit/auth')
  return new URL(started.headers.get('location') ?? '')
}

/** Allows the access, and gives the path that the browser is sent back to. */
async function allow(address: URL): Promise<string> {
  const form = new URLSearchParams({ decision: 'allow' })
  for (const scope of (address.searchParams.get('scope') ?? '').split(' ')) form.append('scope', scope)
  const answer = await fetch(address, { method: 'POST', body: form, redirect: 'manual' })
  const { pathname, search } = new URL(answer.headers.get('location') ?? '')
  return pathname + search
}

const connected = async () => (await ada.json<{ connected: boolean }>('GET', '/api/plugins/fitbit')).connected

test('what a request says of its host changes nothing in where the provider sends the browser', async () => {
  const signedIn = await fetch(`${app.url}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: app.url },
    body: JSON.stringify(credentials),
  })
  const cookie = signedIn.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ')
  const sent = request(`${app.url}/api/plugins/fitbit/auth`, {
    headers: {
      cookie,
      host: 'nas.lan',
      'x-forwarded-host': 'evil.example',
      'x-forwarded-proto': 'https',
      forwarded: 'host=evil.example;proto=https',
    },
  })
  sent.end()
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  response.resume()
  expect(response.statusCode).toBe(302)
  const address = new URL(response.headers.location ?? '')
  expect(address.searchParams.get('redirect_uri')).toBe(`${app.url}/api/plugins/fitbit/callback`)
  expect(address.href).not.toContain('evil')
})

test('what one browser began no other finishes, though the same person is signed in there', async () => {
  const other = await signIn()
  const callback = await allow(await begin(ada))
  const landed = await other.request('GET', callback)
  expect(landed.headers.get('location')).toBe('/settings/plugins?error=invalid_state&plugin=fitbit')
  const nobody = await createHttpUser(app).request('GET', await allow(await begin(ada)))
  expect(nobody.headers.get('location')).toBe('/sign-in?next=/settings/plugins')
  expect(await connected()).toBe(false)
})

test('who signed out between finishes nothing, be it that they come back or that another signs in there', async () => {
  const browser = await signIn()
  const callback = await allow(await begin(browser))
  await browser.json('POST', '/api/auth/sign-out', {})
  expect((await browser.request('POST', '/api/auth/sign-in/email', credentials)).status).toBe(200)
  const back = await browser.request('GET', callback)
  expect(back.headers.get('location')).toBe('/settings/plugins?error=invalid_state&plugin=fitbit')

  const mine = await allow(await begin(browser))
  const { link } = await browser.json<{ link: string }>('POST', '/api/admin/invitations', {})
  await browser.json('POST', '/api/auth/sign-out', {})
  const account = { name: 'Ben', email: 'ben@example.org', password: credentials.password, timeZone: 'UTC' }
  await browser.request('POST', link, new URLSearchParams(account))
  const taken = await browser.request('GET', mine)
  expect(taken.headers.get('location')).toBe('/settings/plugins?error=invalid_state&plugin=fitbit')
  expect(await browser.json('GET', '/api/plugins/fitbit')).toMatchObject({ connected: false })
  expect(await connected()).toBe(false)
})

test("the callback goes on at once to an address without code, state or the provider's words", async () => {
  const refused = new URL(await allow(await begin(ada)), app.url).searchParams
  const words = new URLSearchParams({
    error: '<script>alert(1)</script>',
    error_description: 'Call this number',
    state: refused.get('state') ?? '',
  })
  const told = await ada.request('GET', `/api/plugins/fitbit/callback?${words}`)
  expect(told.status).toBe(302)
  expect(told.headers.get('location')).toBe('/settings/plugins?error=provider_unavailable&plugin=fitbit')

  const landed = await ada.request('GET', await allow(await begin(ada)))
  expect(landed.status).toBe(302)
  expect(landed.headers.get('location')).toBe('/settings/plugins?success=fitbit')
  expect(landed.headers.get('referrer-policy')).toMatch(/same-origin|no-referrer/)
  expect(landed.headers.get('cache-control')).toBe('no-store')
  expect(await landed.text()).toBe('')
  expect(await connected()).toBe(true)
})

test('disconnecting says what is left to do only where something is', async () => {
  expect(await ada.json('DELETE', '/api/plugins/fitbit')).toEqual({ success: true })
})
