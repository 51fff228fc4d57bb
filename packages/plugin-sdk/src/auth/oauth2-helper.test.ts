import { memoryStore, type RunningLab, startLab } from '@tributary/provider-lab'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type OAuth2, oauth2 } from './auth.ts'
import { OAuth2Helper } from './oauth2-helper.ts'
import type { OAuth2Client } from './token-set.ts'

const redirectUri = 'http://localhost:5173/callback'

let lab: RunningLab

beforeAll(async () => {
  lab = await startLab({ store: memoryStore(), redirectUri: () => redirectUri })
})

afterAll(() => lab.close())

const now = () => Temporal.Now.instant()

function at(
  source: string,
  paths: { authorize: string; token: string; revoke?: string },
  more: Partial<OAuth2> = {},
) {
  const base = `${lab.url}/${source}`
  return oauth2({
    authorizationUrl: base + paths.authorize,
    tokenUrl: base + paths.token,
    ...(paths.revoke ? { revokeUrl: base + paths.revoke } : {}),
    scopes: ['read_data'],
    ...more,
  })
}

const service = (more: Partial<OAuth2> = {}) =>
  at(
    'example-service',
    { authorize: '/oauth/authorize', token: '/oauth/token', revoke: '/oauth/revoke' },
    more,
  )

const fitbit = (more: Partial<OAuth2> = {}) =>
  at(
    'fitbit',
    { authorize: '/oauth2/authorize', token: '/oauth2/token', revoke: '/oauth2/revoke' },
    {
      scopes: ['activity', 'sleep'],
      accountIdKey: 'user_id',
      mendTokenAnswer: (body, status) =>
        status >= 400 && body.errors ? { error: body.errors[0].errorType } : body,
      ...more,
    },
  )

const google = (more: Partial<OAuth2> = {}) =>
  at(
    'google-fit',
    { authorize: '/o/oauth2/v2/auth', token: '/token', revoke: '/revoke' },
    {
      scopes: ['https://www.googleapis.com/auth/fitness.activity.read'],
      clientAuth: 'body',
      authorizationParams: { access_type: 'offline', prompt: 'consent' },
      ...more,
    },
  )

function helperOf(auth: OAuth2, source: string, client: Partial<OAuth2Client> = {}) {
  return new OAuth2Helper(auth, { ...lab.lab.client(source), redirectUri, ...client }, { fetch, now })
}

async function authorize(helper: OAuth2Helper) {
  const flow = { state: OAuth2Helper.createState(), codeVerifier: OAuth2Helper.createCodeVerifier() }
  const address = await helper.authorizationUrl(flow)
  const form = new URLSearchParams({ decision: 'allow' })
  for (const scope of (address.searchParams.get('scope') ?? '').split(/[ ,]/)) form.append('scope', scope)
  const response = await fetch(address, { method: 'POST', body: form, redirect: 'manual' })
  return { address, flow, callback: new URL(response.headers.get('location') ?? 'none:').searchParams }
}

async function connect(helper: OAuth2Helper) {
  const { callback, flow } = await authorize(helper)
  return helper.exchangeCode(callback, flow)
}

test('a code is exchanged for tokens with their end, scopes and account', async () => {
  const tokens = await connect(helperOf(fitbit(), 'fitbit'))
  expect(tokens).toMatchObject({ scopes: ['activity', 'sleep'], accountId: expect.stringMatching(/^\w+$/) })
  expect(tokens.refreshToken).not.toBeNull()
  expect(
    now()
      .until(tokens.expiresAt ?? now())
      .total('hours'),
  ).toBeCloseTo(8, 1)
})

test('tokens that end at no time that there is are kept without an end', async () => {
  const mendTokenAnswer = (body: object) => ({ ...body, expires_in: 1e300, refresh_token_expires_in: 1e20 })
  const tokens = await connect(helperOf(service({ mendTokenAnswer }), 'example-service'))
  expect(tokens).toMatchObject({
    accessToken: expect.any(String),
    refreshToken: expect.any(String),
    expiresAt: null,
    refreshExpiresAt: null,
  })
})

test('PKCE is S256 unless the source declares that it has none', async () => {
  const { address } = await authorize(helperOf(service(), 'example-service'))
  expect(address.searchParams.get('code_challenge_method')).toBe('S256')
  const without = helperOf(service({ pkce: false }), 'example-service')
  expect((await authorize(without)).address.searchParams.has('code_challenge')).toBe(false)
  expect(await connect(without)).toMatchObject({ accessToken: expect.any(String) })
})

test.each(['header', 'body'] as const)(
  "the client's secret goes into the %s where the source wants it there",
  async (clientAuth) => {
    expect(await connect(helperOf(service({ clientAuth }), 'example-service'))).toMatchObject({
      accessToken: expect.any(String),
    })
  },
)

test('a secret in the form is refused by a provider that wants it in the header, and the other way round', async () => {
  await expect(connect(helperOf(fitbit({ clientAuth: 'body' }), 'fitbit'))).rejects.toMatchObject({
    code: 'misconfigured',
  })
  await expect(connect(helperOf(google({ clientAuth: 'header' }), 'google-fit'))).rejects.toMatchObject({
    code: expect.any(String),
  })
})

test('further parameters and another scope separator go into the authorization request', async () => {
  const { address } = await authorize(helperOf(google(), 'google-fit'))
  expect(address.searchParams.get('access_type')).toBe('offline')
  const commas = await helperOf(fitbit({ scopeSeparator: ',' }), 'fitbit').authorizationUrl({
    state: 's'.repeat(43),
    codeVerifier: 'v'.repeat(43),
  })
  expect(commas.searchParams.get('scope')).toBe('activity,sleep')
})

test('a provider that rotates gives a new refresh token; where none is given the old one stays', async () => {
  const rotating = helperOf(fitbit(), 'fitbit')
  const first = await connect(rotating)
  const second = await rotating.refresh(first.refreshToken ?? '')
  expect(second.refreshToken).not.toBe(first.refreshToken)
  const steady = helperOf(google(), 'google-fit')
  const tokens = await connect(steady)
  expect((await steady.refresh(tokens.refreshToken ?? '')).refreshToken).toBe(tokens.refreshToken)
})

test("an error in a provider's own words is mended into the standard's", async () => {
  await expect(helperOf(fitbit(), 'fitbit').refresh('nobody')).rejects.toMatchObject({ code: 'reauthorize' })
  const asItIs = oauth2({ ...fitbit() })
  delete asItIs.mendTokenAnswer
  await expect(helperOf(asItIs, 'fitbit').refresh('nobody')).rejects.toMatchObject({ code: 'unavailable' })
})

test('a wrong client secret is misconfigured, a refused token means to authorize again, a broken answer to wait', async () => {
  await expect(helperOf(fitbit(), 'fitbit', { clientSecret: 'wrong' }).refresh('x')).rejects.toMatchObject({
    code: 'misconfigured',
  })
  const helper = helperOf(google(), 'google-fit')
  await expect(helper.refresh('nobody')).rejects.toMatchObject({ code: 'reauthorize' })
  lab.lab.faults.add({ source: 'google-fit', path: /token/, respond: { status: 200, body: '<html>' } })
  await expect(helper.refresh('nobody')).rejects.toMatchObject({ code: 'unavailable' })
})

test('another state than the one that was begun with is refused without a token request', async () => {
  const helper = helperOf(service(), 'example-service')
  const { callback, flow } = await authorize(helper)
  const before = lab.lab.requests('example-service').length
  await expect(helper.exchangeCode(callback, { ...flow, state: 'another' })).rejects.toMatchObject({
    code: 'unavailable',
  })
  expect(lab.lab.requests('example-service')).toHaveLength(before)
})

test('a revoked token no longer refreshes, and a provider without revocation is asked nothing', async () => {
  const helper = helperOf(service(), 'example-service')
  const tokens = await connect(helper)
  const { refreshToken } = tokens
  await helper.revoke(tokens)
  await expect(helper.refresh(refreshToken ?? '')).rejects.toMatchObject({ code: 'reauthorize' })
  const auth = service()
  delete auth.revokeUrl
  const before = lab.lab.requests('example-service').length
  await helperOf(auth, 'example-service').revoke(tokens)
  expect(lab.lab.requests('example-service')).toHaveLength(before)
})

test('a provider that has its own way to revoke is asked by it, with the access token', async () => {
  const asked: { url: string; init: RequestInit | undefined }[] = []
  const ask = (auth: OAuth2, status = 204) =>
    new OAuth2Helper(
      auth,
      { clientId: 'id', clientSecret: 'secret', redirectUri },
      {
        fetch: async (url, init) => (asked.push({ url: String(url), init }), new Response(null, { status })),
        now,
      },
    ).revoke({ accessToken: 'access', refreshToken: 'refresh' })
  const base = { authorizationUrl: 'https://a.example/', tokenUrl: 'https://a.example/', scopes: [] }
  const revokeUrl = 'https://a.example/revoke'
  await ask(oauth2({ ...base, revokeUrl, revocation: { queryParameter: 'access_token' } }))
  await ask(oauth2({ ...base, revokeUrl, revocation: { method: 'DELETE' } }))
  expect(asked).toMatchObject([
    { url: 'https://a.example/revoke?access_token=access', init: { method: 'POST', headers: {} } },
    { url: revokeUrl, init: { method: 'DELETE', headers: { authorization: 'Bearer access' } } },
  ])
  await expect(ask(oauth2({ ...base, revokeUrl, revocation: {} }), 500)).rejects.toMatchObject({
    code: 'unavailable',
  })
})

test.each([
  ['the same', {}, 'https://service.example', true],
  ['another', {}, 'https://evil.example', false],
  ['none, where none is promised', {}, null, true],
  ['none, where one is promised', { issParameter: true }, null, false],
  ['the same, where one is promised', { issParameter: true }, 'https://service.example', true],
])('a callback that names as its issuer %s', (_, more, iss, accepted) => {
  const helper = helperOf(service({ issuer: 'https://service.example', ...more }), 'example-service')
  const callback = new URLSearchParams({ code: 'x', ...(iss === null ? {} : { iss }) })
  expect(helper.isFromIssuer(callback)).toBe(accepted)
  expect(helperOf(service(), 'example-service').isFromIssuer(callback)).toBe(true)
})

test('a callback that names two issuers is refused', () => {
  const helper = helperOf(service({ issuer: 'https://service.example' }), 'example-service')
  expect(
    helper.isFromIssuer(new URLSearchParams('iss=https://service.example&iss=https://evil.example')),
  ).toBe(false)
})
