import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchBrowser } from './harness/launch-browser.ts'
import { limitMs } from './harness/limit.ts'
import { type App, startApp } from './harness/start-app.ts'

let app: App
let browser: Browser
let page: Page

beforeAll(async () => {
  app = await startApp({
    TRIBUTARY_SIMULATE: 'google-fit',
    TRIBUTARY_ADMIN_EMAIL: 'ada@example.org',
    TRIBUTARY_ADMIN_PASSWORD: 'a long password',
  })
  browser = await launchBrowser()
  page = await browser.newPage()
  page.setDefaultTimeout(limitMs)
})

afterAll(async () => {
  await browser.close()
  await app.stop()
})

test('Google Fit connects over its consent page, and its days are those that truly were', async () => {
  await page.goto(`${app.url}/sign-in`)
  await page.getByLabel('E-mail').fill('ada@example.org')
  await page.getByLabel('Password').fill('a long password')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'))
  await page.goto(`${app.url}/settings/plugins`)
  await page.getByRole('link', { name: 'Connect Google Fit' }).click()
  await page.waitForURL('**/lab/google-fit/**')
  await page.locator('form').first().getByRole('button').first().click()
  await page.waitForURL('**/settings/plugins**')
  const to = Temporal.Now.zonedDateTimeISO('Europe/Berlin').toPlainDate().subtract({ days: 1 })
  const range = { from: to.subtract({ days: 9 }).toString(), to: to.toString() }
  const { days, truth } = await page.evaluate(async ({ from, to }) => {
    const send = (method: string, path: string, body: object) =>
      fetch(path, { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
    await send('PATCH', '/api/account', { timeZone: 'Europe/Berlin' })
    await send('POST', '/api/plugins/google-fit/sync', { startDate: from, endDate: to })
    const metrics = 'google-fit.steps,google-fit.sleepLength,google-fit.wakeUpTime'
    const daily = await (await fetch(`/api/metrics/daily?from=${from}&to=${to}&metrics=${metrics}`)).json()
    const told = await (await fetch(`/lab/truth/google-fit?from=${from}&to=${to}`)).json()
    return { days: daily.days, truth: told.days }
  }, range)
  expect(days).toEqual(
    truth.map(
      (day: {
        date: string
        steps: number | null
        sleepMinutes: number | null
        wakeUpTime: number | null
      }) => ({
        date: day.date,
        values: {
          'google-fit.steps': day.steps,
          'google-fit.sleepLength': day.sleepMinutes === null ? null : day.sleepMinutes * 60,
          'google-fit.wakeUpTime': day.wakeUpTime,
        },
      }),
    ),
  )
  await page.goto(`${app.url}/today?day=${range.to}`)
  await page.getByText('Google Fit').first().waitFor()
})
