import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  ask,
  authorizeUrl,
  connect,
  decide,
  exchange,
  obtainCode,
  post,
  REDIRECT_URI,
  refresh,
  startTestLab,
} from '../test-client.ts'
import type { TestLab, Tokens } from '../test-client.ts'

let lab: TestLab
beforeEach(async () => void (lab = await startTestLab('2026-11-20T12:00:00Z')))
afterEach(() => lab.close())

const status = async (answer: Promise<Response>) => (await answer).status
const errorOf = async (answer: Promise<Response>) => {
  const { errors } = (await (await answer).json()) as { errors: { errorType: string }[] }
  return [(await answer).status, errors[0]?.errorType]
}
const profile = (token: string) => ask(lab, '/1/user/-/profile.json', token)

test('the consent page allows in its first form, refuses in its second, and says that it is simulated', async () => {
  const answer = await fetch(authorizeUrl(lab, { scope: 'activity sleep' }))
  const html = await answer.text()
  const [first = '', second = ''] = html.split('<form').slice(1)
  expect(answer.status).toBe(200)
  expect(html).toContain('simulated')
  expect(html).not.toMatch(/<script|\sstyle=|\son\w+=/)
  expect(first.match(/type="checkbox" name="scope" value="\w+" checked/g)).toHaveLength(2)
  expect(first).toMatch(/<button class="allow" name="decision" value="allow">Allow/)
  expect(second).toMatch(/<button class="deny" name="decision" value="deny">Deny/)
})

test('what stands in the request is shown as text, never as markup', async () => {
  const html = await (await fetch(authorizeUrl(lab, { state: '"><b>bold</b>' }))).text()
  expect(html).not.toContain('<b>')
})

test('allowing sends the code and the state back to the registered address', async () => {
  const back = await decide(authorizeUrl(lab), 'allow', ['activity'])
  expect(back.origin + back.pathname).toBe(REDIRECT_URI)
  expect(back.searchParams.get('state')).toBe('the-state')
  expect(back.searchParams.get('code')).toMatch(/^[0-9a-f]{40}$/)
})

test('refusing, or ticking nothing, is access_denied', async () => {
  for (const back of [
    await decide(authorizeUrl(lab), 'deny', []),
    await decide(authorizeUrl(lab), 'allow', []),
  ]) {
    expect(back.searchParams.get('error')).toBe('access_denied')
    expect(back.searchParams.get('state')).toBe('the-state')
    expect(back.searchParams.has('code')).toBe(false)
  }
})

test('an unknown client and any other redirect URI get a page, not a redirect', async () => {
  const changes = [
    { client_id: 'stranger' },
    { redirect_uri: `${REDIRECT_URI}/` },
    { redirect_uri: undefined },
  ]
  for (const change of changes) {
    for (const method of ['GET', 'POST']) {
      const answer = await fetch(authorizeUrl(lab, change), { method, redirect: 'manual' })
      expect([answer.status, answer.headers.get('location')]).toEqual([400, null])
    }
  }
})

test.each([
  ['another response type', { response_type: 'token' }, 'unsupported_response_type'],
  ['no challenge', { code_challenge: undefined }, 'invalid_request'],
  ['a plain challenge', { code_challenge_method: 'plain' }, 'invalid_request'],
  ['no challenge method, which means plain', { code_challenge_method: undefined }, 'invalid_request'],
  ['a scope that does not exist', { scope: 'activity telepathy' }, 'invalid_scope'],
])('%s is refused by redirect', async (_, change, error) => {
  const answer = await fetch(authorizeUrl(lab, change), { redirect: 'manual' })
  const back = new URL(answer.headers.get('location') ?? '')
  expect([back.searchParams.get('error'), back.searchParams.get('state')]).toEqual([error, 'the-state'])
})

test('a code becomes a pair of tokens for the scopes that stayed ticked', async () => {
  const tokens = await connect(lab, 'activity sleep')
  expect(tokens).toMatchObject({
    expires_in: 28_800,
    token_type: 'Bearer',
    scope: 'activity sleep',
    user_id: 'B7LAB2',
  })
  expect(tokens.access_token).toMatch(/^eyJ[\w-]+\.[\w-]+\.[\w-]+$/)
  expect(tokens.refresh_token).toMatch(/^[0-9a-f]{64}$/)
  expect(await status(ask(lab, '/1/user/-/activities/steps/date/today/1d.json', tokens.access_token))).toBe(
    200,
  )
})

test('scopes that were not asked for cannot be slipped into the form', async () => {
  const back = await decide(authorizeUrl(lab, { scope: 'sleep' }), 'allow', ['sleep', 'weight'])
  const tokens = (await (await exchange(lab, back.searchParams.get('code')!)).json()) as Tokens
  expect(tokens.scope).toBe('sleep')
})

test('a code is bound to its client, redirect URI and challenge, and still serves who has them right', async () => {
  const code = await obtainCode(lab)
  expect(await errorOf(exchange(lab, code, { code_verifier: 'w'.repeat(43) }))).toEqual([
    400,
    'invalid_grant',
  ])
  expect(await errorOf(exchange(lab, code, { code_verifier: '' }))).toEqual([400, 'invalid_grant'])
  expect(await errorOf(exchange(lab, code, { redirect_uri: `${REDIRECT_URI}?` }))).toEqual([
    400,
    'invalid_grant',
  ])
  expect(await status(exchange(lab, code))).toBe(200)
})

test('a code lasts ten minutes', async () => {
  const [inTime, late] = [await obtainCode(lab), await obtainCode(lab)]
  lab.pass({ minutes: 10 })
  expect(await status(exchange(lab, inTime))).toBe(200)
  lab.pass({ seconds: 1 })
  expect(await errorOf(exchange(lab, late))).toEqual([400, 'invalid_grant'])
})

test('a second use of a code is refused and revokes what the first gave', async () => {
  const code = await obtainCode(lab)
  const tokens = (await (await exchange(lab, code)).json()) as Tokens
  expect(await errorOf(exchange(lab, code))).toEqual([400, 'invalid_grant'])
  expect(await errorOf(profile(tokens.access_token))).toEqual([401, 'invalid_token'])
  expect(await errorOf(refresh(lab, tokens.refresh_token))).toEqual([400, 'invalid_grant'])
})

test('of many uses of one code at once at most one succeeds', async () => {
  const code = await obtainCode(lab)
  const answers = await Promise.all(Array.from({ length: 8 }, () => exchange(lab, code)))
  expect(answers.filter(({ ok }) => ok).length).toBeLessThanOrEqual(1)
})

test('a client with a wrong secret, or with its secret in the body, is turned away', async () => {
  const form = { grant_type: 'refresh_token', refresh_token: 'x' }
  expect(await errorOf(post(lab, '/oauth2/token', form, 'wrong'))).toEqual([401, 'invalid_client'])
  const { clientId, clientSecret } = lab.lab.client('fitbit')
  const body = new URLSearchParams({ ...form, client_id: clientId, client_secret: clientSecret })
  const inBody = fetch(`${lab.url}/fitbit/oauth2/token`, { method: 'POST', body })
  expect(await errorOf(inBody)).toEqual([401, 'invalid_client'])
})

test.each([
  [{}, 'invalid_request'],
  [{ grant_type: 'password' }, 'unsupported_grant_type'],
  [{ grant_type: 'refresh_token' }, 'invalid_request'],
  [{ grant_type: 'authorization_code', code: 'x' }, 'invalid_request'],
])('the token request %j is %s', async (form: Record<string, string>, error) => {
  expect(await errorOf(post(lab, '/oauth2/token', form))).toEqual([400, error])
})

test('an access token lasts eight hours, then it is expired_token', async () => {
  const { access_token } = await connect(lab)
  lab.pass({ hours: 7, minutes: 59, seconds: 59 })
  expect(await status(profile(access_token))).toBe(200)
  lab.pass({ seconds: 1 })
  expect(await errorOf(profile(access_token))).toEqual([401, 'expired_token'])
})

test('a token that the lab did not sign is invalid_token', async () => {
  const { access_token } = await connect(lab)
  const [header, payload] = access_token.split('.')
  const claims = JSON.parse(Buffer.from(payload!, 'base64url').toString()) as Record<string, unknown>
  const forged = Buffer.from(JSON.stringify({ ...claims, exp: 9e9 })).toString('base64url')
  for (const token of [
    'nonsense',
    'a.b.c',
    access_token.replace(`${header}.${payload}`, `${header}.${forged}`),
  ]) {
    expect(await errorOf(profile(token))).toEqual([401, 'invalid_token'])
  }
})

test('a refresh gives a new pair; the scopes stay', async () => {
  const first = await connect(lab, 'sleep profile')
  lab.pass({ hours: 9 })
  const second = (await (await refresh(lab, first.refresh_token)).json()) as Tokens
  expect(second.refresh_token).not.toBe(first.refresh_token)
  expect(second.scope).toBe('sleep profile')
  expect(await status(profile(second.access_token))).toBe(200)
})

test('refreshing again within two minutes gives the same answer, later it is invalid_grant', async () => {
  const first = await connect(lab)
  const second = await (await refresh(lab, first.refresh_token)).json()
  lab.pass({ minutes: 2 })
  expect(await (await refresh(lab, first.refresh_token)).json()).toEqual(second)
  lab.pass({ seconds: 1 })
  expect(await errorOf(refresh(lab, first.refresh_token))).toEqual([400, 'invalid_grant'])
})

test('many refreshes at once get one and the same answer', async () => {
  const first = await connect(lab)
  const answers = await Promise.all(Array.from({ length: 8 }, () => refresh(lab, first.refresh_token)))
  const bodies = await Promise.all(answers.map((answer) => answer.text()))
  expect(new Set(bodies).size).toBe(1)
})

test('a repeat does not bring back a successor that was used since', async () => {
  const first = await connect(lab)
  const second = (await (await refresh(lab, first.refresh_token)).json()) as Tokens
  const third = (await (await refresh(lab, second.refresh_token)).json()) as Tokens
  await refresh(lab, first.refresh_token)
  lab.pass({ minutes: 3 })
  expect(await errorOf(refresh(lab, second.refresh_token))).toEqual([400, 'invalid_grant'])
  expect(await status(refresh(lab, third.refresh_token))).toBe(200)
})

test('a chain of refreshes goes on for as long as one likes', async () => {
  let tokens = await connect(lab)
  for (let day = 0; day < 60; day++) {
    lab.pass({ days: 1 })
    tokens = (await (await refresh(lab, tokens.refresh_token)).json()) as Tokens
  }
  expect(await status(profile(tokens.access_token))).toBe(200)
})

test.each(['access_token', 'refresh_token'] as const)(
  'revoking the %s ends access and refresh',
  async (which) => {
    const tokens = await connect(lab)
    expect(await status(post(lab, '/oauth2/revoke', { token: tokens[which] }))).toBe(200)
    expect(await errorOf(profile(tokens.access_token))).toEqual([401, 'invalid_token'])
    expect(await errorOf(refresh(lab, tokens.refresh_token))).toEqual([400, 'invalid_grant'])
    expect(await status(post(lab, '/oauth2/revoke', { token: tokens[which] }))).toBe(400)
  },
)

test('introspection tells of a living token and of nothing else', async () => {
  const { access_token } = await connect(lab, 'sleep')
  const introspect = async (token: string) => {
    const answer = await fetch(`${lab.url}/fitbit/1.1/oauth2/introspect`, {
      method: 'POST',
      body: new URLSearchParams({ token }),
      headers: { authorization: `Bearer ${access_token}` },
    })
    return answer.json()
  }
  expect(await introspect(access_token)).toMatchObject({ active: true, scope: 'sleep', user_id: 'B7LAB2' })
  expect(await introspect('another')).toEqual({ active: false })
})
