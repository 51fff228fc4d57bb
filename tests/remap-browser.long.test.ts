import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { checkAccessibility, checkOnPhone } from './harness/check-accessibility.ts'
import { launchBrowser } from './harness/launch-browser.ts'
import { ask as askFrom, connect, openPage, signIn, withAda } from './harness/open-page.ts'
import { type App, startApp } from './harness/start-app.ts'

const zone = 'Europe/Berlin'
let folder: string
let dataFolder: string
let app: App
let browser: Browser
let page: Page
const faults: string[] = []

/** A plugin from outside, whose mapping a later version changes. */
const pluginOf = (version: number) => `
import { definePlugin, oauth2 } from '@tributary/plugin-sdk'

export const exampleService = definePlugin({
  id: 'example-service',
  name: 'Example Service',
  description: 'A daily score and the time that went into it.',
  icon: '📊',
  mappingVersion: ${version},
  auth: oauth2({
    authorizationUrl: 'https://example-service.test/oauth/authorize',
    tokenUrl: 'https://example-service.test/oauth/token',
    revokeUrl: 'https://example-service.test/oauth/revoke',
    scopes: ['read_data'],
  }),
  api: {
    baseUrl: 'https://api.example-service.test',
    identify: async (http) => ({ id: (await http.get('/me')).id }),
  },
  fields: {
    dailyScore: { name: 'Daily score', type: 'number', unit: '{score}' },
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
        pages.flatMap(({ entries }) =>
          entries.map(({ date, score, duration }) => ({ date, fields: { dailyScore: score * ${version}, duration } })),
        ),
    },
  },
})
`

async function start(version: number): Promise<void> {
  await writeFile(join(folder, 'example-service.ts'), pluginOf(version))
  app = await startApp({
    TRIBUTARY_DATA_DIR: dataFolder,
    TRIBUTARY_PLUGINS: join(folder, 'example-service.ts'),
    TRIBUTARY_SIMULATE: 'all',
    ...withAda,
  })
}

/** Connects a source and waits for all of its history. */
async function importAll(name: string): Promise<void> {
  await connect(page, app, name)
  await page.getByRole('article', { name }).getByText('Complete, back to', { exact: false }).waitFor()
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tributary-remap-'))
  dataFolder = await mkdtemp(join(tmpdir(), 'tributary-data-'))
  await start(1)
  browser = await launchBrowser()
  page = await openPage(browser, faults)
  await signIn(page, app)
  await ask('PATCH', '/api/account', { timeZone: zone })
})

afterAll(async () => {
  await browser.close()
  await app.stop()
  for (const one of [folder, dataFolder]) await rm(one, { recursive: true, force: true })
})

const section = () => page.locator('[data-remap]')
const reached = (state: string) => page.locator(`[data-remap="${state}"]`).waitFor()

const ask = (method: string, path: string, body?: unknown) => askFrom(page, method, path, body)

test("a connection's page tells what is stored, and reads it again by keyboard: nothing has changed", async () => {
  await importAll('Fitbit')
  await page.goto(`${app.url}/settings/plugins/fitbit`)
  await expect.poll(() => section().innerText()).toMatch(/[\d,]+ stored responses · [\d.]+ .?B \(/)
  await page.waitForFunction(() => document.querySelector('[data-waiting]') === null)
  await page.getByRole('button', { name: 'Reprocess stored data' }).focus()
  await page.keyboard.press('Enter')
  await reached('applied')
  await section().getByText('Nothing has changed.').waitFor()
  await checkAccessibility(page)
  await checkOnPhone(page)
})

test('the API takes the three actions and nothing else, and says why it refuses one', async () => {
  const path = '/api/plugins/fitbit/remap'
  expect(await ask('GET', path)).toMatchObject({
    status: 200,
    body: { remap: { status: 'applied' }, stored: { pages: expect.any(Number) as number } },
  })
  for (const body of [{}, { action: 'undo' }, { action: 'begin', now: true }]) {
    expect(await ask('POST', path, body)).toMatchObject({ status: 400, body: { code: 'invalid-input' } })
  }
  expect(await ask('POST', path, { action: 'apply' })).toMatchObject({
    status: 409,
    body: { detail: 'Compare the stored answers first.' },
  })
  expect(await ask('GET', '/api/plugins/google-fit/remap')).toMatchObject({
    status: 404,
    body: { code: 'not-connected' },
  })
  expect(await ask('POST', '/api/plugins/google-fit/remap', { action: 'begin' })).toMatchObject({
    status: 409,
  })
  expect(await ask('GET', '/api/plugins/nobody/remap')).toMatchObject({ status: 404 })
})

test('another detail of a stream is chosen in the settings, which offer to read again what is stored', async () => {
  await page.goto(`${app.url}/settings/plugins`)
  await page.waitForFunction(() => document.querySelector('[data-waiting]') === null)
  await page.getByRole('article', { name: 'Fitbit' }).getByRole('button', { name: 'Settings' }).click()
  const dialog = page.getByRole('dialog')
  const heart = dialog.getByRole('listitem').filter({ has: page.locator('input[value="heartIntraday"]') })
  expect(await heart.getByLabel('Detail').count()).toBe(0)
  await heart.getByRole('checkbox').check()
  await heart.getByLabel('Detail').selectOption('One in 15 minutes')
  await checkAccessibility(page)
  await dialog.getByRole('button', { name: 'Save' }).click()
  await dialog
    .getByText('Saved. The detail holds for what is imported from now on.', { exact: false })
    .waitFor()
  await checkAccessibility(page)
  await dialog.getByRole('button', { name: 'Reprocess stored data' }).click()
  await page.waitForURL('**/settings/plugins/fitbit#stored-answers')
  await page.locator('[data-remap="applied"], [data-remap="ready"]').waitFor()
  expect(await ask('GET', '/api/plugins/fitbit')).toMatchObject({
    body: {
      streams: expect.arrayContaining([
        expect.objectContaining({ id: 'heartIntraday', keepEvery: 900 }),
      ]) as unknown,
    },
  })
  expect(await ask('PATCH', '/api/plugins/fitbit', { keepEvery: { heartIntraday: 45 } })).toMatchObject({
    status: 422,
    body: { code: 'bad-detail' },
  })
  expect(await ask('PATCH', '/api/plugins/fitbit', { keepEvery: { heartIntraday: '60' } })).toMatchObject({
    status: 400,
  })
})

test('after a new version of a mapping its card leads to what would change, and nothing changes before that is applied', async () => {
  await importAll('Example Service')
  const day = Temporal.Now.plainDateISO(zone).subtract({ days: 3 }).toString()
  const daily = `/api/metrics/daily?from=${day}&to=${day}&metrics=example-service.dailyScore`
  const before = (await ask('GET', daily)).body
  const score: number = before.days[0].values['example-service.dailyScore']
  await app.stop()
  await start(2)
  await page.goto(`${app.url}/today`)
  for (let begun: unknown = null; begun === null;)
    begun = (await ask('GET', '/api/plugins/example-service')).body['remap']
  await page.goto(`${app.url}/settings/plugins`)
  const card = page.getByRole('article', { name: 'Example Service' })
  await card.getByText('Tributary reads the answers of Example Service in a new way').waitFor()
  await checkAccessibility(page)
  await card.getByRole('link', { name: /^See/ }).click()
  await page.waitForURL('**/settings/plugins/example-service#stored-answers')
  await reached('ready')
  expect(await section().innerText()).toMatch(/[\d,]+ daily values would change, from [\d,]+ daily records\./)
  const row = section().locator('tbody tr').filter({ hasText: 'Daily score' }).first()
  expect(await row.innerText()).toMatch(/Daily score\s+\d+ \w+ \d{4}\s+[\d,.]+\s+[\d,.]+/)
  await checkAccessibility(page)
  await checkOnPhone(page)
  expect((await ask('GET', daily)).body).toEqual(before)
  await page.getByRole('button', { name: 'Apply' }).click()
  await reached('applied')
  await section().getByText('daily values have changed', { exact: false }).waitFor()
  expect((await ask('GET', daily)).body).toMatchObject({
    days: [{ values: { 'example-service.dailyScore': score * 2 } }],
  })
  await page.goto(`${app.url}/settings/plugins`)
  await card.waitFor()
  expect(await card.innerText()).not.toContain('in a new way')
})

test('no page threw', () => {
  expect(faults).toEqual([])
})
