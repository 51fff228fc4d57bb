import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { checkAccessibility } from './harness/check-accessibility.ts'
import { launchBrowser } from './harness/launch-browser.ts'
import { limitMs } from './harness/limit.ts'
import { type App, startApp } from './harness/start-app.ts'

let app: App
let browser: Browser
let page: Page

beforeAll(async () => {
  app = await startApp({
    TRIBUTARY_ADMIN_EMAIL: 'ada@example.org',
    TRIBUTARY_ADMIN_PASSWORD: 'a long password',
  })
  browser = await launchBrowser()
  page = await browser.newPage({ timezoneId: 'Europe/Berlin', viewport: { width: 1280, height: 900 } })
  page.setDefaultTimeout(limitMs)
  await page.goto(`${app.url}/sign-in`)
  await page.getByLabel('E-mail').fill('ada@example.org')
  await page.getByLabel('Password').fill('a long password')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL('**/today')
})

afterAll(async () => {
  await browser.close()
  await app.stop()
})

/** Asks the API as a page of the app does. */
function ask<Answer>(method: string, path: string, body?: object): Promise<Answer> {
  return page.evaluate(
    async ({ method, path, body }) => {
      const headers = { 'content-type': 'application/json' }
      const response = await fetch(path, { method, ...(body && { headers, body: JSON.stringify(body) }) })
      return response.json()
    },
    { method, path, body },
  )
}

const configuration = () => page.getByRole('article', { name: 'Google Health' })
const card = () => page.getByRole('article', { name: 'Google Health' })

test('an admin is told how Google wants it, and sets it up', async () => {
  await page.goto(`${app.url}/settings/plugins`)
  await card().getByRole('link', { name: 'Set up Google Health' }).click()
  await page.waitForURL('**/admin/configuration#google-health')
  await configuration().getByText(`${app.url}/api/plugins/google-health/callback`).waitFor()
  await configuration()
    .getByText(/https with a public domain name, or http:\/\/localhost/)
    .waitFor()
  await configuration()
    .getByText(/press "Publish app", so that it says "In production"/)
    .waitFor()
  expect(await configuration().getByText('Google will refuse this callback URL').count()).toBe(0)

  await configuration().getByLabel('Client ID').fill('an-id')
  await configuration().getByLabel('Client secret').fill('a-secret')
  expect(await configuration().getByLabel('Verification').inputValue()).toBe('unverified')
  await configuration().getByLabel('Verification').selectOption('Verified by Google')
  await configuration().getByRole('button', { name: 'Save', exact: true }).click()
  await configuration().getByText('Ready', { exact: true }).waitFor()
  await page.reload()
  expect(await configuration().getByLabel('Verification').inputValue()).toBe('verified')
  await checkAccessibility(page)
})

test('an address that Google takes no callback at is named before anybody tries', async () => {
  const keep = { 'global.base_url': app.url }
  await ask('PUT', '/api/admin/configuration', { 'global.base_url': 'https://192.168.1.20' })
  await page.reload()
  await configuration().getByText('Google will refuse this callback URL').waitFor()
  await configuration().getByText('192.168.1.20 is an IP address; it takes a domain name').waitFor()
  await ask('PUT', '/api/admin/configuration', keep)
})

test('who allows a part on the consent page gets that part, is told of the rest, and can allow more', async () => {
  await ask('PATCH', '/api/account', { timeZone: 'Europe/Berlin' })
  await ask('PUT', '/api/admin/configuration', { 'plugin.google-health.simulate': 'true' })
  await page.goto(`${app.url}/settings/plugins`)
  await card().getByRole('link', { name: 'Connect Google Health' }).click()
  await page.waitForURL('**/lab/google-health/**')
  await page.getByLabel('See your Google Health sleep data').uncheck()
  await page.getByRole('button', { name: 'Allow' }).click()
  await page.waitForURL('**/settings/plugins?success=google-health')
  await card().getByText('You did not allow Sleep at Google Health.').waitFor()
  await checkAccessibility(page)

  await card().getByRole('link', { name: 'Allow more at Google Health' }).click()
  await page.waitForURL('**/lab/google-health/**')
  await page.getByRole('button', { name: 'Allow' }).click()
  await page.waitForURL('**/settings/plugins?success=google-health')
  await card().getByText('Connected', { exact: true }).waitFor()
  expect(await card().getByText('You did not allow').count()).toBe(0)
})

test('the table of a chart is what truly was, day by day', async () => {
  const to = Temporal.Now.zonedDateTimeISO('Europe/Berlin').toPlainDate().subtract({ days: 1 })
  const [from, until] = [to.subtract({ days: 30 }).toString(), to.toString()]
  await ask('POST', '/api/plugins/google-health/sync', { startDate: from, endDate: until })
  const truth = await ask<{ days: { steps: number | null; sleepMinutes: number | null }[] }>(
    'GET',
    `/lab/truth/google-health?from=${from}&to=${until}`,
  )
  const shown = async (field: string) => {
    await page.goto(`${app.url}/metrics/google-health.${field}?range=month&to=${until}`)
    await page.getByText('Show as table').click()
    const cells = await page.locator('table tbody tr td:nth-child(2)').allInnerTexts()
    return cells.map((text) => text.split('\n')[0]?.replace(' so far', '').trim()).reverse()
  }
  const steps = truth.days.map((day) =>
    day.steps === null ? '—' : `${day.steps.toLocaleString('en')} steps`,
  )
  const sleep = truth.days.map(({ sleepMinutes }) =>
    sleepMinutes === null ? '—' : `${Math.floor(sleepMinutes / 60)} h ${sleepMinutes % 60} min`,
  )
  await expect.poll(() => shown('steps'), { interval: 500 }).toEqual(steps)
  await expect.poll(() => shown('sleepLength'), { interval: 500 }).toEqual(sleep)
  expect(new Set(sleep).size).toBeGreaterThan(20)
  await checkAccessibility(page)
})
