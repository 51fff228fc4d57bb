import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startTestLab } from '../test-client.ts'
import type { TestLab } from '../test-client.ts'
import { connectionTo } from '../test-connection.ts'
import { redirectUriProblem } from './redirect-uri.ts'

const STEPS = 'https://www.googleapis.com/auth/fitness.activity.read'
const SLEEP = 'https://www.googleapis.com/auth/fitness.sleep.read'
const service = {
  source: 'google-fit',
  authorize: '/o/oauth2/v2/auth',
  token: '/token',
  scope: `${STEPS} ${SLEEP}`,
  clientAuth: 'body',
} as const
const OFFLINE = { access_type: 'offline' }
const AGAIN = { access_type: 'offline', prompt: 'consent' }

let lab: TestLab
beforeEach(async () => void (lab = await startTestLab('2026-11-20T12:00:00Z')))
afterEach(() => lab.close())

const google = () => connectionTo(lab, service)
const works = async (token: string) =>
  (await google().ask('/fitness/v1/users/me/dataSources', token)).status === 200
const errorOf = async (answer: Promise<Response>) => [
  (await answer).status,
  ((await (await answer).json()) as { error: string }).error,
]

test('there is a refresh token for offline access only', async () => {
  expect(await google().connect()).not.toHaveProperty('refresh_token')
  expect(await google().connect(OFFLINE)).toMatchObject({ expires_in: 3599, token_type: 'Bearer' })
})

test('after the first offline consent there is one only with prompt=consent', async () => {
  expect(await google().connect(OFFLINE)).toHaveProperty('refresh_token')
  expect(await google().connect(OFFLINE)).not.toHaveProperty('refresh_token')
  expect(await google().connect(AGAIN)).toHaveProperty('refresh_token')
})

test('a refresh gives an access token and no refresh token; the old one serves on, again and again', async () => {
  const { connect, refresh } = google()
  const first = await connect(AGAIN)
  for (let hour = 0; hour < 3; hour++) {
    lab.pass({ hours: 1 })
    const next = (await (await refresh(first.refresh_token)).json()) as typeof first
    expect(Object.keys(next).sort()).toEqual(['access_token', 'expires_in', 'scope', 'token_type'])
    expect(await works(next.access_token)).toBe(true)
  }
  expect(await works(first.access_token)).toBe(false)
})

test('the client names itself in the body', async () => {
  const { post } = google()
  const form = { grant_type: 'refresh_token', refresh_token: 'x' }
  expect(await errorOf(post('/token', form, 'basic'))).toEqual([401, 'invalid_client'])
  expect(await errorOf(post('/token', { ...form, client_secret: 'wrong' }))).toEqual([401, 'invalid_client'])
  expect(await errorOf(post('/token', form))).toEqual([400, 'invalid_grant'])
})

test('a challenge is optional, and binds where it was sent', async () => {
  const { consent, exchange } = google()
  const codeOf = async (changes = {}) => (await consent(changes)).searchParams.get('code') ?? ''
  const without = await codeOf({ code_challenge: undefined, code_challenge_method: undefined })
  expect((await exchange(without, { code_verifier: undefined })).status).toBe(200)
  expect(await errorOf(exchange(await codeOf(), { code_verifier: 'another' }))).toEqual([
    400,
    'invalid_grant',
  ])
})

test('the redirect says which scopes were ticked, and the code in it has a slash', async () => {
  const { consent, exchange } = google()
  const back = await consent(AGAIN, STEPS)
  expect(back.searchParams.get('scope')).toBe(STEPS)
  expect(back.searchParams.get('state')).toBe('the-state')
  expect(back.searchParams.get('code')).toMatch(/^4\/0A\w+$/)
  const token = (await (await exchange(back.searchParams.get('code') ?? '')).json()) as { scope: string }
  expect(token.scope).toBe(STEPS)
})

test('a consent adds to the earlier ones where it includes them', async () => {
  await google().connect({ scope: STEPS })
  expect((await google().connect({ scope: SLEEP })).scope).toBe(SLEEP)
  const both = await google().connect({ scope: SLEEP, include_granted_scopes: 'true' })
  expect(both.scope.split(' ').sort()).toEqual([STEPS, SLEEP].sort())
})

test('a faulty request is answered with a page, never by redirect', async () => {
  for (const change of [
    { scope: 'telepathy' },
    { response_type: undefined },
    { code_challenge_method: 'plain' },
  ]) {
    const answer = await fetch(google().authorizeUrl(change), { redirect: 'manual' })
    expect([answer.status, answer.headers.get('location')]).toEqual([400, null])
  }
})

describe('revoking', () => {
  test.each([
    ['in the query', (token = '') => google().post(`/revoke?token=${token}`, {})],
    ['in the form', (token = '') => google().post('/revoke', { token, client_id: undefined })],
  ])('a token %s needs no client', async (_, revoke) => {
    const { access_token, refresh_token } = await google().connect(AGAIN)
    expect((await revoke(refresh_token)).status).toBe(200)
    expect(await works(access_token)).toBe(false)
    expect(await errorOf(google().refresh(refresh_token))).toEqual([400, 'invalid_grant'])
    expect(await errorOf(revoke(refresh_token))).toEqual([400, 'invalid_token'])
  })

  test('one token ends all of the client: also those of a later consent', async () => {
    const before = await google().connect(AGAIN)
    const after = await google().connect(AGAIN)
    await google().post(`/revoke?token=${before.refresh_token}`, {})
    expect(await works(after.access_token)).toBe(false)
    expect(await errorOf(google().refresh(after.refresh_token))).toEqual([400, 'invalid_grant'])
  })

  test('after it, the next consent is a first one again', async () => {
    const { access_token } = await google().connect(OFFLINE)
    await google().post(`/revoke?token=${access_token}`, {})
    const again = await google().connect({ ...OFFLINE, scope: STEPS, include_granted_scopes: 'true' })
    expect(again).toHaveProperty('refresh_token')
    expect(again.scope).toBe(STEPS)
  })
})

describe('a client in testing mode', () => {
  test('has refresh tokens that die after seven days, and says so', async () => {
    await lab.close()
    lab = await startTestLab('2026-11-20T12:00:00Z', { options: { 'google-fit': { testing: true } } })
    const token = await google().connect(AGAIN)
    expect(token).toMatchObject({ refresh_token_expires_in: 604_799 })
    lab.pass({ days: 6, hours: 23 })
    expect((await google().refresh(token.refresh_token)).status).toBe(200)
    lab.pass({ hours: 1, seconds: 1 })
    expect(await errorOf(google().refresh(token.refresh_token))).toEqual([400, 'invalid_grant'])
  })
})

describe('a redirect URI', () => {
  test.each([
    ['https://hub.example/api/plugins/google-fit/callback', true],
    ['http://localhost:5173/callback', true],
    ['http://127.0.0.1:5173/callback', true],
    ['http://hub.example/callback', false],
    ['http://192.168.1.5:5173/callback', false],
    ['https://192.168.1.5/callback', false],
    ['https://nas/callback', false],
    ['https://nas.local/callback', false],
    ['https://hub.example/callback#x', false],
  ])('%s can be registered: %s', (uri, possible) => {
    expect(redirectUriProblem(uri) === undefined).toBe(possible)
  })

  test('is checked where that is asked for', async () => {
    const redirectUri = () => 'http://nas.local/callback'
    const open = async (options = {}) => {
      const other = await startTestLab('2026-11-20T12:00:00Z', { redirectUri, options })
      const url = connectionTo(other, service).authorizeUrl({ redirect_uri: redirectUri() })
      const { status } = await fetch(url)
      await other.close()
      return status
    }
    expect(await open()).toBe(200)
    expect(await open({ 'google-fit': { checksRedirectUri: true } })).toBe(400)
  })
})

test('who the account is, is told to whoever may know', async () => {
  const email = 'https://www.googleapis.com/auth/userinfo.email'
  const { access_token } = await google().connect({ scope: email })
  expect(await (await google().ask('/oauth2/v3/userinfo', access_token)).json()).toMatchObject({
    sub: '104286753190842617530',
    email: 'robin.sample@example.com',
  })
  expect(await (await google().ask('/oauth2/v2/userinfo', access_token)).json()).toMatchObject({
    id: '104286753190842617530',
  })
  const other = await google().connect({ scope: STEPS })
  expect((await google().ask('/v1/userinfo', other.access_token)).status).toBe(401)
})
