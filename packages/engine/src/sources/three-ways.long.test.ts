import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import {
  BaseIntegrationHandler,
  type DataImportPlugin,
  definePlugin,
  type FetchRequest,
  getConfigValue,
  type OAuthConfig,
  type OAuthCredentials,
  oauth2,
  type PluginDeclaration,
  refreshAccessToken,
} from '@tributary/plugin-sdk'
import { afterAll, describe, expect, test } from 'vitest'
import { describeShared } from '../../../../tests/harness/shared-folder.ts'
import type { SignedIn } from '../contract/engine.ts'
import { findCanary } from '../testing/canaries.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'
import { readTruth } from '../testing/truth.ts'

interface Entry {
  date: string
  score: number
  duration: string
}

const host = 'https://service.example'
const api = 'https://api.service.example'
const auth = oauth2({
  authorizationUrl: `${host}/oauth/authorize`,
  tokenUrl: `${host}/oauth/token`,
  revokeUrl: `${host}/oauth/revoke`,
  scopes: ['read_data'],
})

const shortForm = definePlugin({
  id: 'short-form',
  name: 'Short form',
  description: 'A service for these tests.',
  icon: '📊',
  auth,
  api: { baseUrl: api, identify: async (http) => ({ id: (await http.get('/me')).id }) },
  fields: {
    dailyScore: { name: 'Daily score', type: 'number', unit: '{score}', kind: 'readiness' },
    duration: { name: 'Duration', type: 'time' },
  },
  streams: {
    days: {
      fields: ['dailyScore', 'duration'],
      maxDaysPerRequest: 90,
      answers: 'window',
      async *fetchData({ http, from, to }) {
        yield await http.get('/data', { start: from, end: to })
      },
      mapData: (pages) =>
        pages.flatMap(({ entries }: { entries: Entry[] }) =>
          entries.map(({ date, score, duration }) => ({ date, fields: { dailyScore: score, duration } })),
        ),
    },
  },
})

class SubclassHandler extends BaseIntegrationHandler {
  readonly plugin: PluginDeclaration = {
    ...shortForm.plugin,
    id: 'subclass',
    streams: { days: { ...shortForm.plugin.streams['days']!, maxDaysPerRequest: 30 } },
  }

  override async *fetchData(_stream: string, { http, from, to }: FetchRequest) {
    yield await http.get('/data', { start: from, end: to })
  }

  override *mapData(_stream: string, pages: { entries: Entry[] }[]) {
    for (const { date, score, duration } of pages.flatMap(({ entries }) => entries)) {
      yield { date, fields: { dailyScore: score, duration } }
    }
  }
}

const plain: DataImportPlugin = {
  id: 'plain-object',
  name: 'Plain object',
  description: 'A service for these tests.',
  icon: '📊',
  getAdminConfigFields: () => [
    { key: 'client_id', label: 'Client ID', type: 'text', required: true },
    { key: 'client_secret', label: 'Client secret', type: 'password', required: true },
  ],
  isConfigured: async () => Boolean(await getConfigValue('plugin.plain-object.client_id')),
  async getOAuthConfig(): Promise<OAuthConfig> {
    return {
      clientId: (await getConfigValue('plugin.plain-object.client_id')) ?? '',
      clientSecret: (await getConfigValue('plugin.plain-object.client_secret')) ?? '',
      authorizationUrl: `${host}/oauth/authorize`,
      tokenUrl: `${host}/oauth/token`,
      scopes: ['read_data'],
      redirectUri: `${await getConfigValue('global.base_url')}/api/plugins/plain-object/callback`,
    }
  },
  getAvailableFields: () => [
    { id: 'dailyScore', name: 'Daily score', type: 'number', unit: '0-100' },
    { id: 'duration', name: 'Duration', type: 'time', unit: 'HH:MM' },
  ],
  validateCredentials: async ({ accessToken }: OAuthCredentials) =>
    (await fetch(`${api}/me`, { headers: { Authorization: `Bearer ${accessToken}` } })).ok,
  async refreshTokens({ refreshToken }: OAuthCredentials) {
    return refreshAccessToken(await this.getOAuthConfig(), refreshToken)
  },
  async fetchData({ accessToken }, start, end) {
    const response = await fetch(`${api}/data?start=${start}&end=${end}`, {
      headers: { Authorization: `Bearer ${accessToken}` },
    })
    if (!response.ok) throw new Error(`API failed: ${response.status}`)
    const { entries } = (await response.json()) as { entries: Entry[] }
    return entries.map(({ date, score, duration }) => ({ date, fields: { dailyScore: score, duration } }))
  },
}

const engines: TestEngine[] = []

afterAll(() => Promise.all(engines.map((engine) => engine.close())))

async function connected(plugin: BaseIntegrationHandler | DataImportPlugin, id: string, secrets = {}) {
  const tributary = await createTestEngine({
    plugins: [plugin],
    aliases: { [id]: 'example-service' },
    environment: secrets,
  })
  engines.push(tributary)
  const ada = await tributary.addUser(`${id}@example.org`, 'admin')
  tributary.startWorker()
  await tributary.connect(ada, id)
  await tributary.settled()
  return { tributary, ada }
}

async function expectTruth({ engine, lab }: TestEngine, ada: SignedIn, id: string) {
  const range = { from: '2026-09-01', to: '2026-11-20' }
  const truth = (await readTruth(lab.url, id, range)) as unknown as {
    date: string
    score: number | null
    durationMinutes: number | null
  }[]
  const metrics = [`${id}.dailyScore`, `${id}.duration`]
  const { days } = await engine.metrics.daily(ada.user.id, { ...range, metrics })
  expect(days).toEqual(
    truth.map(({ date, score, durationMinutes }) => ({
      date,
      values: { [`${id}.dailyScore`]: score, [`${id}.duration`]: durationMinutes },
    })),
  )
  expect(truth.filter(({ score }) => score !== null).length).toBeGreaterThan(60)
  expect(await engine.plugins.sync(ada.user.id, id, {})).toMatchObject({
    status: 'succeeded',
    counts: { new: 0, changed: 0, removed: 0 },
  })
}

describe.each([
  ['the short form', 'short-form', shortForm],
  ['a subclass', 'subclass', new SubclassHandler()],
  ['a plain object', 'plain-object', plain],
] as const)('%s', (_, id, plugin) => {
  test('imports every day as it truly was, and survives the end of its token', async () => {
    const { tributary, ada } = await connected(plugin, id)
    await expectTruth(tributary, ada, id)
    tributary.clock.add({ hours: 2 })
    expect(await tributary.engine.plugins.sync(ada.user.id, id, {})).toMatchObject({ status: 'succeeded' })
  })
})

describe('a plain object', () => {
  test('has its answers archived, its limits heeded, and its own secrets declared on its card', async () => {
    const { tributary, ada } = await connected(plain, 'plain-object')
    const [{ pages } = { pages: 0 }] = await tributary.database.query<{ pages: number }>(
      'select count(*)::integer as pages from tributary.raw_pages',
    )
    expect(pages).toBeGreaterThanOrEqual(5)
    tributary.lab.lab.faults.add({
      source: 'plain-object',
      path: /\/data/,
      respond: { status: 429, headers: { 'retry-after': '600' }, body: {} },
    })
    expect(await tributary.engine.plugins.sync(ada.user.id, 'plain-object', {})).toMatchObject({
      status: 'waiting',
    })
    const { plugins } = await tributary.engine.admin.configuration(ada.user.id)
    expect(plugins).toMatchObject([{ id: 'plain-object', readsOwnSecrets: true }])
  })

  test('may send its secrets in a query, which is archived without them', async () => {
    const careless: DataImportPlugin = {
      ...plain,
      async fetchData({ accessToken }, start, end) {
        const query = new URLSearchParams({ start, end, token: accessToken })
        const response = await fetch(`${api}/data?${query}`, {
          headers: { Authorization: `Bearer ${accessToken}` },
        })
        const { entries } = (await response.json()) as { entries: Entry[] }
        return entries.map(({ date, score, duration }) => ({ date, fields: { dailyScore: score, duration } }))
      },
    }
    const { tributary, ada } = await connected(careless, 'plain-object')
    await expectTruth(tributary, ada, 'plain-object')
    let exported = ''
    await tributary.engine.accounts.export(ada.user.id, (text) => Promise.resolve(void (exported += text)))
    expect(exported).toMatch(/data\?start=[\d-]+&end=[\d-]+&token=[^\w]/)
    expect(findCanary(exported)).toBeUndefined()
  })

  test('may ask no host but those of its service', async () => {
    const curious = { ...plain, fetchData: async () => (await fetch('https://elsewhere.example/')).json() }
    const { tributary, ada } = await connected(curious, 'plain-object')
    const status = await tributary.engine.plugins.get(ada.user.id, 'plain-object')
    expect(status).toMatchObject({ state: 'misconfigured' })
    expect(status.reason).toContain('elsewhere.example')
  })
})

describeShared('seeds', 'the example of the plugin system', (seeds) => {
  test('works as it stands', async () => {
    const text = await readFile(join(seeds, 'plugin-system.md'), 'utf8')
    const block = /### Step 1[\s\S]*?```typescript\n([\s\S]*?)```/.exec(text)?.[1] ?? ''
    const code = block
      .replaceAll(/from '(\.\/types|\.\/oauth|\$lib\/server\/config)'/g, "from '@tributary/plugin-sdk'")
      .replaceAll('your-service.com', 'service.example')
    const folder = await mkdtemp(join(import.meta.dirname, 'seed-'))
    try {
      const file = join(folder, 'your-plugin.ts')
      await writeFile(file, code)
      const { yourPlugin } = (await import(pathToFileURL(file).href)) as { yourPlugin: DataImportPlugin }
      const { tributary, ada } = await connected(yourPlugin, 'your-plugin')
      await expectTruth(tributary, ada, 'your-plugin')
      tributary.clock.add({ hours: 2 })
      expect(await tributary.engine.plugins.sync(ada.user.id, 'your-plugin', {})).toMatchObject({
        status: 'succeeded',
      })
      expect(await tributary.engine.admin.test(ada.user.id, 'your-plugin')).toMatchObject([
        { ok: true },
        { ok: true },
        { ok: true },
        { name: 'Your connection', ok: true },
      ])
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})
