import type { DataImportPlugin } from '@tributary/plugin-sdk'
import type { FaultResponse } from '@tributary/provider-lab'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { SignedIn } from '../engine.ts'
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
  refreshTokens: (credentials) => Promise.resolve(credentials),
  async fetchData({ accessToken }, start, end) {
    const headers = { Authorization: `Bearer ${accessToken}` }
    const entries = await fetchEntries(`${api}/data?start=${start}&end=${end}`, { headers })
    return entries.map(({ date, score }) => ({ date, fields: { dailyScore: score } }))
  },
}

beforeEach(async () => {
  fetchEntries = careless
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
