import { existsSync } from 'node:fs'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchBrowser } from './harness/launch-browser.ts'
import { freePort, runCommand } from './harness/start-app.ts'

let demo: ReturnType<typeof runCommand>
let browser: Browser

beforeAll(async () => {
  demo = runCommand('demo', { PORT: String(await freePort()) })
  await demo.until(/sign-in\/link\/\S+/)
  browser = await launchBrowser()
})

afterAll(async () => {
  await browser.close()
  await demo.stop()
})

test('the demo’s link signs in once, and a year of Fitbit arrives with all its daily fields', async () => {
  const link = /http:\S+\/sign-in\/link\/\S+/.exec(demo.output())?.[0] ?? ''
  const page = await browser.newPage()
  page.setDefaultTimeout(20_000)
  await page.goto(link)
  await page.waitForURL('**/settings/plugins')
  await expect
    .poll(
      () =>
        page.evaluate(async () => {
          const { history } = await (await fetch('/api/plugins/fitbit')).json()
          return history !== null && history.reached === history.from
        }),
      { interval: 250 },
    )
    .toBe(true)
  const day = Temporal.Now.zonedDateTimeISO('Europe/Berlin').toPlainDate().subtract({ days: 100 }).toString()
  await page.goto(new URL(`/today?day=${day}`, link).href)
  for (const field of ['distance', 'hrv', 'spo2', 'breathingRate', 'cardioLoad']) {
    await page.locator(`[data-metric="fitbit.${field}"]`).first().waitFor()
  }
  expect((await page.goto(link))?.status()).toBe(410)
})

test('ending the demo removes its folder', async () => {
  const folder = /"file":"([^"]+)\/keys"/.exec(demo.output())?.[1] ?? ''
  expect(existsSync(folder)).toBe(true)
  await demo.stop()
  expect(existsSync(folder)).toBe(false)
})
