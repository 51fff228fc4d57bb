import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { checkAccessibility } from './harness/check-accessibility.ts'
import { launchBrowser } from './harness/launch-browser.ts'
import { openPage, signIn, withAda } from './harness/open-page.ts'
import { type App, startApp } from './harness/start-app.ts'

let app: App
let browser: Browser
let page: Page
let card: Locator

beforeAll(async () => {
  app = await startApp({ TRIBUTARY_SIMULATE: 'all', ...withAda })
  browser = await launchBrowser()
  page = await openPage(browser)
  await signIn(page, app)
  card = page.getByRole('article', { name: 'Fitbit' })
})

afterAll(async () => {
  await browser.close()
  await app.stop()
})

test('what was not allowed at the provider is named, and one click allows it', async () => {
  await page.goto(`${app.url}/settings/plugins`)
  await page.getByRole('link', { name: 'Connect Fitbit' }).click()
  await page.waitForURL('**/lab/fitbit/**')
  await page.getByLabel('sleep', { exact: false }).uncheck()
  await page.getByRole('button', { name: 'Allow' }).click()
  await page.waitForURL('**/settings/plugins**')
  expect(page.url()).not.toMatch(/code=|state=/)
  await card.getByText('You did not allow Sleep at Fitbit.').waitFor()
  await checkAccessibility(page)
  await card.getByRole('link', { name: 'Allow more' }).click()
  await page.waitForURL('**/lab/fitbit/**')
  await page.getByRole('button', { name: 'Allow' }).click()
  await page.waitForURL('**/settings/plugins**')
  await card.getByText('Connected', { exact: true }).waitFor()
  expect(await card.getByText('You did not allow').count()).toBe(0)
})

test('a source that is switched off offers to switch it on and nothing to sync', async () => {
  await card.getByRole('button', { name: 'Settings' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Sync automatically').uncheck()
  await dialog.getByRole('button', { name: 'Save' }).click()
  await dialog.waitFor({ state: 'detached' })
  expect(await card.getByRole('button', { name: 'Sync now' }).count()).toBe(0)
  await checkAccessibility(page)
  await card.getByRole('button', { name: 'Switch on' }).click()
  await card.getByRole('button', { name: 'Sync now' }).waitFor()
})

test('what is changed on the page is not undone by what was read before', async () => {
  const [read, changed] = [Promise.withResolvers<null>(), Promise.withResolvers<null>()]
  await page.route(
    '**/api/plugins/fitbit',
    async (route) => {
      const response = await route.fetch()
      read.resolve(null)
      await changed.promise
      await route.fulfill({ response })
    },
    { times: 1 },
  )
  await page.evaluate(() => fetch('/api/plugins/fitbit/sync', { method: 'POST' }))
  await read.promise
  await card.getByRole('button', { name: 'Settings' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Sync automatically').uncheck()
  await dialog.getByRole('button', { name: 'Save' }).click()
  await dialog.waitFor({ state: 'detached' })
  const readAgain = Promise.withResolvers<null>()
  let responses = 0
  page.on('response', (response) => {
    if (response.url().endsWith('/api/plugins/fitbit') && (responses += 1) === 2) readAgain.resolve(null)
  })
  changed.resolve(null)
  await readAgain.promise
  expect(await card.getByRole('button', { name: 'Sync now' }).count()).toBe(0)
  await card.getByRole('button', { name: 'Switch on' }).click()
  await card.getByRole('button', { name: 'Sync now' }).waitFor()
})

test('another account is connected from the page of a source; one that is connected already stays one', async () => {
  await page.goto(`${app.url}/settings/plugins/fitbit`)
  await page.getByRole('link', { name: 'Connect another account of Fitbit' }).click()
  await page.waitForURL('**/lab/fitbit/**')
  await page.getByRole('button', { name: 'Allow' }).click()
  await page.waitForURL('**/settings/plugins**')
  await card.getByText('Connected', { exact: true }).waitFor()
  expect(await card.getByText('Other accounts').count()).toBe(0)
})

test('an account is given a name', async () => {
  await page.goto(`${app.url}/settings/plugins/fitbit`)
  await page.getByRole('button', { name: 'Settings' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name of the account').fill('Ada’s watch')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('heading', { name: 'Fitbit: Ada’s watch' }).waitFor()
  await checkAccessibility(page)
})
