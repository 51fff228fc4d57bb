import { afterEach, beforeEach, expect, test } from 'vitest'
import { startTestLab } from '../../test-client.ts'
import type { TestLab } from '../../test-client.ts'
import { connectionTo, truthOf } from '../../test-connection.ts'

interface Entry {
  date: string
  score: number
  duration: string
}
interface Day {
  date: string
  score: number | null
  durationMinutes: number | null
}

const service = {
  source: 'example-service',
  authorize: '/oauth/authorize',
  token: '/oauth/token',
  scope: 'read_data',
  clientAuth: 'body',
} as const

let lab: TestLab
beforeEach(async () => {
  lab = await startTestLab('2026-11-20T12:00:00Z', {
    aliases: { 'your-plugin': 'example-service', 'example-short': 'example-service' },
    requestLimits: { 'example-short': 2 },
  })
})
afterEach(() => lab.close())

const entries = async (token: string, query: string) => {
  const answer = await connectionTo(lab, service).ask(`/data?${query}`, token)
  return ((await answer.json()) as { entries: Entry[] }).entries
}

test('the person has an id and a name there', async () => {
  const { ask, connect } = connectionTo(lab, service)
  const { access_token } = await connect()
  expect(await (await ask('/me', access_token)).json()).toEqual({ id: 'u-2718', name: 'Robin Sample' })
})

test('there is an entry for every day that has data and for no other, and both are the true ones', async () => {
  const { access_token } = await connectionTo(lab, service).connect()
  let without = 0
  for (const [start, end] of [
    ['2026-08-23', '2026-11-20'],
    ['2024-01-01', '2024-03-30'],
    ['2021-12-01', '2022-01-20'],
  ] as const) {
    const days = await truthOf<Day>(lab, 'example-service', start, end)
    const found = await entries(access_token, `start=${start}&end=${end}`)
    const expected = days.flatMap(({ date, score, durationMinutes }) => {
      if (score === null || durationMinutes === null) return []
      const duration = Temporal.PlainTime.from('00:00').add({ minutes: durationMinutes }).toString()
      return [{ date, score, duration: duration.slice(0, 5) }]
    })
    expect(found).toEqual(expected)
    expect(found.every(({ score }) => Number.isInteger(score) && score >= 0 && score <= 100)).toBe(true)
    without += days.length - found.length
  }
  expect(without).toBeGreaterThan(31)
})

test.each([
  ['start=2026-08-23&end=2026-11-20', 200],
  ['start=2026-08-22&end=2026-11-20', 400],
  ['start=2026-11-20&end=2026-11-19', 400],
  ['start=2026-02-30&end=2026-03-01', 400],
  ['start=2026-03-01', 400],
])('%s is answered with %i', async (query, status) => {
  const { ask, connect } = connectionTo(lab, service)
  const { access_token } = await connect()
  expect((await ask(`/data?${query}`, access_token)).status).toBe(status)
})

test.each(['basic', 'body'] as const)('the client may name itself by %s', async (clientAuth) => {
  const token = await connectionTo(lab, { ...service, clientAuth }).connect()
  expect(token).toMatchObject({ expires_in: 3600, token_type: 'Bearer', scope: 'read_data' })
})

test('a wrong secret is invalid_client', async () => {
  const { post } = connectionTo(lab, service)
  const answer = await post('/oauth/token', { grant_type: 'refresh_token', client_secret: 'wrong' })
  expect(answer.status).toBe(401)
  expect(await answer.json()).toMatchObject({ error: 'invalid_client' })
})

test('a challenge is optional, and binds where it was sent', async () => {
  const { consent, exchange } = connectionTo(lab, service)
  const without = await consent({ code_challenge: undefined, code_challenge_method: undefined })
  const code = without.searchParams.get('code') ?? ''
  expect((await exchange(code, { code_verifier: undefined })).status).toBe(200)
  const bound = (await consent()).searchParams.get('code') ?? ''
  const refused = await exchange(bound, { code_verifier: undefined })
  expect([refused.status, await refused.json()]).toEqual([
    400,
    expect.objectContaining({ error: 'invalid_grant' }),
  ])
})

test('a refresh token serves once', async () => {
  const { connect, refresh } = connectionTo(lab, service)
  const first = await connect()
  const second = (await (await refresh(first.refresh_token)).json()) as typeof first
  expect(second.refresh_token).not.toBe(first.refresh_token)
  lab.pass({ seconds: 1 })
  expect((await refresh(first.refresh_token)).status).toBe(400)
  expect((await refresh(second.refresh_token)).status).toBe(200)
})

test('an access token lasts an hour, or until it is revoked; revoking twice is no error', async () => {
  const { ask, connect, post } = connectionTo(lab, service)
  const [one, other] = [await connect(), await connect()]
  expect((await post('/oauth/revoke', { token: one.refresh_token })).status).toBe(200)
  expect((await post('/oauth/revoke', { token: one.refresh_token })).status).toBe(200)
  expect((await ask('/me', one.access_token)).status).toBe(401)
  lab.pass({ minutes: 59 })
  expect((await ask('/me', other.access_token)).status).toBe(200)
  lab.pass({ minutes: 1 })
  expect((await ask('/me', other.access_token)).status).toBe(401)
})

test('under an alias it is a service of its own, with its own client, tokens, log and limit', async () => {
  const own = connectionTo(lab, { ...service, source: 'your-plugin' })
  const short = connectionTo(lab, { ...service, source: 'example-short' })
  const token = (await own.connect()).access_token
  expect(lab.lab.sources).toEqual(expect.arrayContaining(['example-service', 'your-plugin', 'example-short']))
  expect(lab.lab.client('your-plugin')).not.toEqual(lab.lab.client('example-service'))
  expect((await own.ask('/me', token)).status).toBe(200)
  expect((await short.ask('/me', token)).status).toBe(401)
  expect((await connectionTo(lab, service).ask('/me', token)).status).toBe(401)

  const issued = async (id: string) =>
    ((await (await fetch(`${lab.url}/issued/${id}`)).json()) as { issued: { value: string }[] }).issued
  expect((await issued('your-plugin')).map(({ value }) => value)).toContain(token)
  expect(await issued('example-service')).toEqual([])
  expect(lab.lab.requests('your-plugin').map(({ path }) => path)).toContain('/me')

  const shortToken = (await short.connect()).access_token
  const statuses = [1, 2, 3].map(async () => (await short.ask('/me', shortToken)).status)
  expect((await Promise.all(statuses)).sort()).toEqual([200, 200, 429])
  const [mine, its] = [
    await truthOf<Day>(lab, 'your-plugin', '2026-11-01', '2026-11-10'),
    await truthOf<Day>(lab, 'example-service', '2026-11-01', '2026-11-10'),
  ]
  expect(mine).toEqual(its)
})

test('an alias has the redirect URI that is registered for it', async () => {
  const own = await startTestLab('2026-11-20T12:00:00Z', {
    aliases: { 'your-plugin': 'example-service' },
    redirectUri: (source) => `https://hub.example/${source}`,
  })
  const { authorizeUrl } = connectionTo(own, { ...service, source: 'your-plugin' })
  const statusFor = async (source: string) =>
    (await fetch(authorizeUrl({ redirect_uri: `https://hub.example/${source}` }))).status
  expect([await statusFor('your-plugin'), await statusFor('example-service')]).toEqual([200, 400])
  await own.close()
})

test('an alias needs a source that there is and a name that is free', async () => {
  const start = (aliases: Record<string, string>) => startTestLab('2026-11-20T12:00:00Z', { aliases })
  await expect(start({ mine: 'nobody' })).rejects.toThrow(RangeError)
  await expect(start({ fitbit: 'example-service' })).rejects.toThrow(RangeError)
  await expect(start({ truth: 'example-service' })).rejects.toThrow(RangeError)
})
