import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createHttpUser, type HttpUser } from './harness/http-user.ts'
import { launchBrowser } from './harness/launch-browser.ts'
import { ada as credentials, openPage, signIn, withAda } from './harness/open-page.ts'
import { type App, startApp } from './harness/start-app.ts'

/** Each word of ours carries its place, so that a page that shows it is known to. */
const hostile = (place: string) =>
  `${place}<script>hacked=1</script><img src=x onerror=hacked=1>"'><svg onload=hacked=1></script>`
const day = Temporal.Now.plainDateISO('UTC').subtract({ days: 1 }).toString()

let app: App
let browser: Browser
let page: Page
let ada: HttpUser
let provider: Server
let folder: string
const faults: string[] = []

/** A source that takes whatever its provider says. */
const plugin = (url: string) => `import { apiKey, definePlugin } from '@tributary/plugin-sdk'
export const hostile = definePlugin({
  id: 'hostile',
  name: 'Hostile',
  description: 'A source for a test.',
  icon: '📊',
  auth: apiKey({ placement: 'basic', help: 'Anything.' }),
  api: { baseUrl: '${url}/', identify: async (http) => ({ id: (await http.get('data')).account }) },
  fields: {
    note: { name: 'Note', type: 'text' },
    score: { name: 'Score', type: 'number', unit: '1', day: 'sum' },
    part: { name: 'Part', type: 'number', unit: '1', dimension: 'project' },
  },
  streams: {
    days: {
      fields: ['note', 'score', 'part'],
      maxDaysPerRequest: 31,
      historyDays: 3,
      answers: 'window',
      async *fetchData({ http }) { yield await http.get('data') },
      mapData: (pages) => pages[0].records,
    },
  },
})
`

const answer = {
  account: hostile('account'),
  records: [
    { date: day, fields: { note: hostile('note') } },
    { date: day, dimension: hostile('project'), fields: { part: 5 } },
    { field: 'score', start: `${day}T10:00:00Z`, value: 3, origin: hostile('origin') },
    { field: 'score', start: `${day}T11:00:00Z`, value: 4, origin: 'another' },
    { field: hostile('unknown'), start: `${day}T12:00:00Z`, value: 1 },
  ],
}

beforeAll(async () => {
  provider = createServer((_, response) => response.end(JSON.stringify(answer))).listen(0, '127.0.0.1')
  await once(provider, 'listening')
  const host = `127.0.0.1:${(provider.address() as AddressInfo).port}`
  folder = await mkdtemp(join(tmpdir(), 'tributary-hostile-'))
  const file = join(folder, 'hostile.ts')
  await writeFile(file, plugin(`http://${host}`))
  app = await startApp({
    TRIBUTARY_PLUGINS: file,
    TRIBUTARY_ALLOWED_PRIVATE_HOSTS: host,
    ...withAda,
  })
  ada = createHttpUser(app)
  await ada.json('POST', '/api/auth/sign-in/email', credentials)
  browser = await launchBrowser()
  page = await openPage(browser, faults, { userAgent: hostile('Firefox') })
  await signIn(page, app)
})

afterAll(async () => {
  await browser.close()
  await app.stop()
  provider.close()
  await rm(folder, { recursive: true, force: true })
})

/** Opens a page and tells whether what is hostile stands there, as text and as nothing else. */
async function shows(path: string, ...places: string[]): Promise<void> {
  await page.goto(app.url + path)
  for (const summary of await page.locator('summary').all()) await summary.click()
  await page.waitForLoadState('networkidle')
  const found = await page.evaluate(() => ({
    hacked: 'hacked' in globalThis,
    elements: document.querySelectorAll('img[src="x"], svg[onload], [onerror], [onclick]').length,
    scripts: [...document.scripts].filter(({ text }) => /^hacked=1$/.test(text)).length,
    text:
      document.body.textContent + [...document.querySelectorAll('input')].map(({ value }) => value).join(' '),
  }))
  expect({ ...found, text: '' }).toEqual({ hacked: false, elements: 0, scripts: 0, text: '' })
  for (const place of places)
    expect(found.text.includes(`${place}<script>`), `${path} shows ${place}`).toBe(true)
}

test('what a source says stands on pages as text, in values, names, origins and reasons', async () => {
  await ada.json('PUT', '/api/plugins/hostile/key', { key: 'x' })
  await expect
    .poll(async () => {
      const { jobs } = await ada.json<{ jobs: { status: string }[] }>('GET', '/api/import-jobs')
      return jobs.length > 0 && jobs.every(({ status }) => !['queued', 'running'].includes(status))
    })
    .toBe(true)
  await shows('/settings/plugins', 'unknown')
  await shows('/settings/plugins/hostile', 'unknown')
  await shows(`/today?date=${day}`)
  await shows('/metrics/hostile.note', 'note')
  await shows('/metrics/hostile.part', 'project')
  await shows(`/metrics/hostile.note/${day}`, 'note')
  await shows(`/metrics/hostile.score/${day}`, 'origin')
})

test('what a source answered is shown as data, and runs nothing even where it is opened by itself', async () => {
  const { evidence } = await ada.json<{
    evidence: { streams: { fetch: { id: string; pages: { page: number }[] } }[] }
  }>('GET', `/api/metrics/explain?metric=hostile.note&date=${day}`)
  const { id, pages } = evidence.streams[0]?.fetch ?? { id: '', pages: [] }
  const response = await ada.request('GET', `/api/raw-pages/${id}/${pages[0]?.page}`)
  expect(response.status).toBe(200)
  expect(await response.text()).toContain('note<script>')
  expect(response.headers.get('content-type')).toMatch(/^(application\/json|text\/plain)/)
  expect(response.headers.get('x-content-type-options')).toBe('nosniff')
  expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
})

test('what a file holds stands on pages as text: its name, its columns and its cells', async () => {
  const form = new FormData()
  const column = hostile('column').replaceAll('"', '')
  const text = `date,${column},weight\n${day},${hostile('cell').replaceAll('"', '')},1\n2026-01-01,a,${hostile('bad').replaceAll('"', '')}\n2026-01-02,b,2\n2026-01-03,c,3\n`
  form.set('file', new File([text], hostile('file').replaceAll('"', '').replaceAll('/', '')))
  const response = await fetch(`${app.url}/api/plugins/csv/upload`, {
    method: 'POST',
    body: form,
    headers: { cookie: ada.cookie(), origin: app.url },
  })
  expect(response.status, await response.clone().text()).toBe(202)
  await expect
    .poll(async () => JSON.stringify(await ada.json('GET', '/api/import-jobs?plugin=csv')))
    .toMatch(/"status":"(succeeded|partial)"/)
  await shows('/settings/plugins/csv/upload', 'file')
  await shows('/settings/plugins', 'bad')
  const { plugin } = await ada.json<{ plugin: { fields: { id: string }[] } }>('GET', '/api/plugins/csv')
  const field = plugin.fields.find(({ id }) => id.startsWith('column'))?.id ?? ''
  await shows(`/metrics/csv.${field}`, 'column')
})

test('what a user writes stands on pages as text', async () => {
  const name = hostile('Mine').slice(0, 100)
  const { template } = await ada.json<{ template: { id: string } }>('POST', '/api/metric-templates', {
    name,
    chosen: true,
    metrics: [
      { type: 'manual', name: hostile('Mood').slice(0, 100), valueType: 'text', unit: '<script>' },
      { type: 'external', name: hostile('Note').slice(0, 100), source: 'hostile.note' },
    ],
  })
  await ada.json('POST', '/api/account/tokens', {
    name: hostile('token').slice(0, 60),
    scopes: ['read'],
    days: 1,
  })
  await shows(`/today?date=${day}`, 'Mine', 'Mood', 'Note')
  await shows('/settings/metrics', 'Mine')
  await shows(`/settings/metrics/${template.id}`, 'Mood')
  await shows('/settings/security', 'token')
  await shows('/admin/audit')
  const words = encodeURIComponent(hostile('query'))
  await shows(`/settings/plugins?error=${words}&plugin=${words}`)
  await shows(`/sign-in?next=${words}`)
})

test('no page broke the content security policy or threw', () => {
  expect(faults).toEqual([])
})
