import type { DataImportPlugin } from '@tributary/plugin-sdk'
import type { FaultResponse } from '@tributary/provider-lab'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { SignedIn } from '../contract/engine.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'

const api = 'https://api.service.example'
const metrics = ['careless.dailyScore']
const range = { from: '2026-11-14', to: '2026-11-19' }

let tributary: TestEngine
let ada: SignedIn

interface Entry {
  date: string
  score: number
}

/** What a careless author might write: whatever goes wrong is an empty list. */
let fetchEntries: (address: string, init: RequestInit) => Promise<Entry[]>

/** How it renews its tokens. */
let renew: DataImportPlugin['refreshTokens']

const careless = async (address: string, init: RequestInit): Promise<Entry[]> => {
  try {
    const response = await fetch(address, init)
    return response.ok ? ((await response.json()) as { entries: Entry[] }).entries : []
  } catch {
    return []
  }
}

const plugin: DataImportPlugin = {
  id: 'careless',
  name: 'Careless',
  description: 'A service for these tests.',
  icon: '📊',
  getAdminConfigFields: () => [],
  isConfigured: () => Promise.resolve(true),
  getOAuthConfig: () =>
    Promise.resolve({
      clientId: 'id',
      clientSecret: 'secret',
      authorizationUrl: 'https://service.example/oauth/authorize',
      tokenUrl: 'https://service.example/oauth/token',
      scopes: ['read_data'],
      redirectUri: 'http://localhost:5173/api/plugins/careless/callback',
    }),
  getAvailableFields: () => [{ id: 'dailyScore', name: 'Daily score', type: 'number', unit: '0-100' }],
  validateCredentials: () => Promise.resolve(true),
  refreshTokens: (credentials) => renew(credentials),
  async fetchData({ accessToken }, start, end) {
    const headers = { Authorization: `Bearer ${accessToken}` }
    const entries = await fetchEntries(`${api}/data?start=${start}&end=${end}`, { headers })
    return entries.map(({ date, score }) => ({ date, fields: { dailyScore: score } }))
  },
}

beforeEach(async () => {
  fetchEntries = careless
  renew = (credentials) => Promise.resolve(credentials)
  tributary = await createTestEngine({ plugins: [plugin], aliases: { careless: 'example-service' } })
  ada = await tributary.addUser('ada@example.org')
  tributary.startWorker()
  await tributary.connect(ada, 'careless')
  await tributary.engine.plugins.change(ada.user.id, 'careless', { historyPaused: true })
  await tributary.settled()
})

afterEach(() => tributary.close())

const values = async () =>
  (await tributary.engine.metrics.daily(ada.user.id, { ...range, metrics })).days.map(
    ({ values: ofDay }) => ofDay['careless.dailyScore'],
  )

function befall(respond: FaultResponse, times = 10): void {
  tributary.lab.lab.faults.add({ source: 'careless', path: /data/, respond, times })
}

const sync = () => tributary.sync(ada, 'careless')

describe('a plain plugin that takes a refusal for an empty list', () => {
  test.each<[string, FaultResponse, string]>([
    ['a server error', { status: 500, body: {} }, 'retrying'],
    ['a limit', { status: 429, headers: { 'retry-after': '45' }, body: {} }, 'waiting'],
    ['an unfinished answer', { status: 202, body: { entries: [] } }, 'retrying'],
    ['part of an answer', { status: 206, body: { entries: [] } }, 'retrying'],
    ['no content', { status: 204 }, 'retrying'],
    ['a connection that breaks', 'refuse', 'retrying'],
    ['a refused permission', { status: 403, body: {} }, 'failed'],
  ])('loses nothing by %s', async (_, respond, status) => {
    const before = await values()
    expect(before).toContainEqual(expect.any(Number))
    befall(respond)
    expect(await sync()).toMatchObject({ status, counts: { removed: 0 } })
    expect(await values()).toEqual(before)
  })

  test('may take "not found" for nothing there', async () => {
    befall({ status: 404, body: {} })
    expect(await sync()).not.toMatchObject({ status: 'retrying' })
  })
})

test('a plain plugin that repeats a request until it is answered has succeeded', async () => {
  fetchEntries = async (address, init) => {
    for (;;) {
      const response = await fetch(address, init)
      if (response.ok) return ((await response.json()) as { entries: Entry[] }).entries
    }
  }
  befall({ status: 503 }, 2)
  expect(await sync()).toMatchObject({ status: 'succeeded', counts: { removed: 0 } })
})

test('a page in place of JSON is the service’s fault', async () => {
  fetchEntries = async (address, init) =>
    ((await (await fetch(address, init)).json()) as { entries: Entry[] }).entries
  befall({ status: 200, headers: { 'content-type': 'text/html' }, body: '<h1>Back soon</h1>' }, 1)
  expect(await sync()).toMatchObject({
    status: 'retrying',
    reason: 'Careless answered with something that is not JSON.',
  })
})

describe('a plain plugin that renews its tokens by itself', () => {
  const askForTokens = () => fetch('https://service.example/oauth/token', { method: 'POST', body: 'x=1' })
  const throwing: DataImportPlugin['refreshTokens'] = async (credentials) => {
    const response = await askForTokens()
    if (!response.ok) throw new Error('Token refresh failed')
    return credentials
  }
  const unchecked: DataImportPlugin['refreshTokens'] = async () => {
    const { access_token } = (await (await askForTokens()).json()) as { access_token: string }
    return { accessToken: access_token, refreshToken: 'r' }
  }

  test.each<[string, DataImportPlugin['refreshTokens'], number, object, string, string]>([
    ['throws', throwing, 400, { error: 'invalid_grant' }, 'person', 'needs-reauthorization'],
    ['throws', throwing, 401, { error: 'deleted_client' }, 'admin', 'misconfigured'],
    ['throws', throwing, 503, {}, 'source', 'retrying'],
    ['does not look', unchecked, 200, { error: 'invalid_grant' }, 'person', 'needs-reauthorization'],
    ['does not look', unchecked, 400, { error: 'invalid_grant' }, 'person', 'needs-reauthorization'],
    ['does not look', unchecked, 200, { hello: 'world' }, 'plugin', 'retrying'],
  ])('and %s at a refusal leaves it to whom it concerns (%#)', async (_, way, status, body, owner, state) => {
    renew = way
    tributary.lab.lab.faults.add({ source: 'careless', path: /token/, respond: { status, body }, times: 10 })
    tributary.clock.add({ hours: 2 })
    expect(await sync()).toMatchObject({ problem: { owner } })
    expect(await tributary.engine.plugins.get(ada.user.id, 'careless')).toMatchObject({
      state,
      connected: true,
    })
  })
})
