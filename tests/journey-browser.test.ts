import { checkAccessibility } from './harness/check-accessibility.ts'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchBrowser } from './harness/launch-browser.ts'
import { openPage } from './harness/open-page.ts'
import { type App, startApp } from './harness/start-app.ts'

let app: App
let browser: Browser
let page: Page
const faults: string[] = []

beforeAll(async () => {
  app = await startApp()
  browser = await launchBrowser()
  page = await openPage(browser, faults)
})

afterAll(async () => {
  await browser.close()
  await app.stop()
})

test('the set-up link makes the first admin, once', async () => {
  await page.goto(app.setUpLink)
  await checkAccessibility(page)
  await page.getByLabel('Name').fill('Ada')
  await page.getByLabel('E-mail').fill('ada@example.org')
  await page.getByLabel('Password').fill('a long password')
  await page.getByRole('button', { name: 'Create account' }).click()
  await page.waitForURL('**/settings/plugins')
  const again = await browser.newPage()
  await again.goto(app.setUpLink)
  expect(await again.getByLabel('Password').count()).toBe(0)
  await again.close()
})

test('simulated sources are offered while none is configured, and a consent page leads back', async () => {
  await checkAccessibility(page)
  await page.getByRole('button', { name: 'Try with simulated sources' }).click()
  await page.getByRole('link', { name: 'Connect Fitbit' }).click()
  await page.waitForURL('**/lab/fitbit/**')
  await page.locator('form').nth(1).getByRole('button').click()
  await page.waitForURL('**/settings/plugins**')
  await page.getByText('did not allow', { exact: false }).first().waitFor()
  await page.getByRole('link', { name: 'Connect Fitbit' }).click()
  await page.waitForURL('**/lab/fitbit/**')
  await page.locator('form').first().getByRole('button').first().click()
  await page.waitForURL('**/settings/plugins**')
  await page.getByRole('button', { name: 'Sync now' }).waitFor()
  await page.getByText('Simulated').first().waitFor()
  await checkAccessibility(page)
})

test('the values appear, each equal to the truth', async () => {
  const today = Temporal.Now.zonedDateTimeISO('Europe/Berlin').toPlainDate()
  const range = { from: today.subtract({ days: 13 }).toString(), to: today.toString() }
  const values = await page.evaluate(async ({ from, to }) => {
    const metrics = 'fitbit.steps,fitbit.sleepLength,fitbit.bedTime,fitbit.wakeUpTime,fitbit.restingHeartRate'
    for (let attempt = 0; attempt < 100; attempt++) {
      const { plugins } = await (await fetch('/api/plugins')).json()
      if (plugins[0].history.reached <= plugins[0].history.from) break
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    const daily = await (await fetch(`/api/metrics/daily?from=${from}&to=${to}&metrics=${metrics}`)).json()
    const truth = await (await fetch(`/lab/truth/fitbit?from=${from}&to=${to}`)).json()
    return { days: daily.days, truth: truth.days }
  }, range)
  expect(values.days).toEqual(
    values.truth.map((day: Record<string, number | null>) => ({
      date: day['date'],
      values: {
        'fitbit.steps': day['steps'],
        'fitbit.sleepLength': typeof day['sleepMinutes'] === 'number' ? day['sleepMinutes'] * 60 : null,
        'fitbit.bedTime': day['bedTime'],
        'fitbit.wakeUpTime': day['wakeUpTime'],
        'fitbit.restingHeartRate': day['restingHeartRate'],
      },
    })),
  )
  const full = values.days.find((day: { values: Record<string, number | null> }) =>
    Object.values(day.values).every((value) => value !== null),
  )
  await page.goto(`${app.url}/today?day=${full.date}`)
  await page.getByText(full.values['fitbit.steps'].toLocaleString('en'), { exact: true }).first().waitFor()
  await checkAccessibility(page)
})

test('a value that changes elsewhere is shown on an open page', async () => {
  const date = Temporal.Now.zonedDateTimeISO('Europe/Berlin').toPlainDate().subtract({ days: 1 }).toString()
  const opened = page.waitForResponse('**/api/import-jobs/events')
  await page.goto(`${app.url}/today?day=${date}`)
  await opened
  const entry = { metric: 'fitbit.steps', date, value: 4321 }
  const status = await page.evaluate(async (body) => {
    const headers = { 'content-type': 'application/json' }
    const answer = await fetch('/api/metrics/manual', { method: 'PUT', headers, body: JSON.stringify(body) })
    return answer.status
  }, entry)
  expect(status).toBe(200)
  await page.getByText('4,321').first().waitFor()
})

test('a second sync finds nothing new', async () => {
  await page.goto(`${app.url}/settings/plugins`)
  const answer = page.waitForResponse((response) => response.url().endsWith('/api/plugins/fitbit/sync'))
  await page.getByRole('button', { name: 'Sync now' }).click()
  const { job } = await (await answer).json()
  expect(job).toMatchObject({ status: 'succeeded', counts: { new: 0, changed: 0, removed: 0 } })
})

test('disconnecting asks about the data and ends the connection', async () => {
  await page.getByRole('button', { name: 'Disconnect' }).click()
  const dialog = page.getByRole('alertdialog').or(page.getByRole('dialog'))
  await dialog.waitFor()
  await checkAccessibility(page)
  await dialog
    .getByRole('button', { name: /delete/i })
    .or(dialog.getByRole('button', { name: /^Disconnect/ }))
    .first()
    .click()
  await page.getByRole('link', { name: 'Connect Fitbit' }).waitFor()
  await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Fitbit')
  expect(await page.getByText('Complete, back to').count()).toBe(0)
})

test('no page broke the content security policy or threw', () => {
  expect(faults).toEqual([])
})
