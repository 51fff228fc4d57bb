import { afterEach, beforeEach, expect, test } from 'vitest'
import { ask, connect, refresh, startTestLab } from './test-client.ts'
import type { TestLab } from './test-client.ts'

let lab: TestLab
beforeEach(async () => void (lab = await startTestLab('2026-11-20T12:00:00Z')))
afterEach(() => lab.close())

test('it names its sources, the zone of its person, and the client of each source', () => {
  expect(lab.lab.sources).toEqual(expect.arrayContaining(['fitbit', 'example-service']))
  expect(lab.lab.zone).toBe('Europe/Berlin')
  expect(lab.lab.client('fitbit').clientSecret).toMatch(/^[0-9a-f]{32}$/)
  expect(() => lab.lab.client('nobody')).toThrow(RangeError)
})

test('a source that takes a key has one, and others have none', () => {
  expect(lab.lab.apiKey('wakatime')).toBe('lab-key-1ab5ec2e7c0ffee0')
  expect(lab.lab.apiKey('fitbit')).toBeUndefined()
  expect(() => lab.lab.apiKey('nobody')).toThrow(RangeError)
})

test('every code and token that was handed out is listed', async () => {
  const first = await connect(lab)
  const second = (await (await refresh(lab, first.refresh_token)).json()) as typeof first
  const { issued } = (await (await fetch(`${lab.url}/issued/fitbit`)).json()) as {
    issued: { kind: string; value: string; at: string }[]
  }
  expect(issued.map(({ kind }) => kind)).toEqual([
    'code',
    'access_token',
    'refresh_token',
    'access_token',
    'refresh_token',
  ])
  expect(issued.slice(1).map(({ value }) => value)).toEqual([
    first.access_token,
    first.refresh_token,
    second.access_token,
    second.refresh_token,
  ])
  expect(issued[0]!.at).toBe('2026-11-20T12:00:00.000Z')
})

test('requests are remembered with method, path, time and status', async () => {
  await ask(lab, '/1/user/-/profile.json?x=1', 'nonsense')
  const expected = {
    method: 'GET',
    path: '/1/user/-/profile.json',
    at: '2026-11-20T12:00:00.000Z',
    status: 401,
  }
  expect(lab.lab.requests('fitbit')).toEqual([expected])
})

test('what it does not have is 404, what it cannot read is 413, and it goes on', async () => {
  expect((await fetch(`${lab.url}/nobody/1/user`)).status).toBe(404)
  expect((await fetch(lab.url)).status).toBe(404)
  const body = new URLSearchParams({ token: 'x'.repeat(100_000) })
  const tooLarge = await fetch(`${lab.url}/fitbit/oauth2/token`, { method: 'POST', body })
  expect(tooLarge.status).toBe(413)
  expect((await fetch(`${lab.url}/issued/fitbit`)).status).toBe(200)
})
