import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { checkAccessibility, checkOnPhone } from './harness/check-accessibility.ts'
import { launchBrowser } from './harness/launch-browser.ts'
import { ask, connect, openPage, signIn, withAda } from './harness/open-page.ts'
import { type App, startApp } from './harness/start-app.ts'

const today = Temporal.Now.plainDateISO('Europe/Berlin')
const daysAgo = (days: number) => today.subtract({ days }).toString()
let app: App
let browser: Browser
let page: Page
const faults: string[] = []

beforeAll(async () => {
  app = await startApp({ TRIBUTARY_SIMULATE: 'all', ...withAda })
  browser = await launchBrowser()
  page = await openPage(browser, faults)
  await signIn(page, app)
  await ask(page, 'PATCH', '/api/account', { timeZone: 'Europe/Berlin' })
})

afterAll(async () => {
  await browser.close()
  await app.stop()
})

test("a connection's card leads to its days and imports, whose history fills in while one looks", async () => {
  await connect(page, app, 'Fitbit')
  await page.getByRole('article', { name: 'Fitbit' }).getByRole('link', { name: 'Days and imports' }).click()
  await page.waitForURL('**/settings/plugins/fitbit')
  await page.getByText('Complete, back to', { exact: false }).waitFor()
  await page.locator(`[data-day="${daysAgo(3)}"][data-state="has-data"]`).waitFor()
  const activity = page.locator('[data-stream="activity"]')
  expect(await activity.innerText()).toMatch(/Activity[\s\S]*\d{4}[\s\S]*records read/)
  const jobs = page.getByRole('list', { name: 'Imports' })
  await jobs.getByText('After connecting', { exact: false }).waitFor()
  expect(await jobs.getByText(/^History/).count()).toBeGreaterThan(1)
  await checkAccessibility(page)
  await checkOnPhone(page)
})

test("a connection's page pauses its history, goes on with it, and syncs", async () => {
  const historyFrom = today.subtract({ years: 6 }).toString()
  await ask(page, 'PATCH', '/api/plugins/fitbit', { historyPaused: true, historyFrom })
  await page.reload()
  const connection = page.getByRole('region', { name: 'Connection' })
  await connection.getByText('paused before', { exact: false }).waitFor()
  await connection.getByRole('button', { name: 'Resume history' }).click()
  await connection.getByRole('button', { name: 'Pause history' }).click()
  await connection.getByRole('button', { name: 'Resume history' }).waitFor()
  expect((await ask(page, 'GET', '/api/plugins/fitbit')).body.history.paused).toBe(true)
  await connection.getByRole('button', { name: 'Sync now' }).click()
  await connection.locator('[data-job-status="succeeded"]').waitFor()
  await checkAccessibility(page)
})

test('days are chosen in the calendar by keyboard and imported again, with counts that are seen to grow', async () => {
  const focused = page.locator('[role="gridcell"]:focus')
  await page.locator('[role="gridcell"][tabindex="0"]').focus()
  expect(await focused.getAttribute('data-day')).toBe(today.toString())
  await page.keyboard.press('ArrowLeft')
  await page.keyboard.press('ArrowUp')
  expect(await focused.getAttribute('data-day')).toBe(daysAgo(8))
  expect(await focused.getAttribute('aria-label')).toMatch(/ \d{4}: (has data|had none)$/)
  await page.keyboard.press('Enter')
  await page.keyboard.press('Shift+PageUp')
  await page.keyboard.press('Shift+ArrowLeft')
  expect(await focused.getAttribute('data-day')).toBe(daysAgo(37))
  expect(await page.locator('[role="gridcell"][aria-selected="true"]').count()).toBe(30)
  expect(await page.getByLabel('From').inputValue()).toBe(daysAgo(37))
  expect(await page.getByLabel('To', { exact: true }).inputValue()).toBe(daysAgo(8))
  await page.evaluate(() => {
    const seen: string[] = []
    Object.assign(globalThis, { seen })
    const list = document.querySelector('ol[aria-labelledby="imports"]')
    if (!list) throw new Error('there is no timeline')
    new MutationObserver(() => {
      const first = list.querySelector<HTMLElement>('[data-job]')
      seen.push(
        `${first?.dataset['jobStatus']} ${/([\d,]+) records? read/.exec(first?.innerText ?? '')?.[1] ?? '-'}`,
      )
    }).observe(list, { subtree: true, childList: true, characterData: true, attributes: true })
  })
  await page.getByRole('button', { name: 'Import again' }).click()
  await page.locator('[data-requested] [data-job-status="succeeded"]').waitFor()
  const seen = await page.evaluate(() => (globalThis as unknown as { seen: string[] }).seen)
  const running = new Set(seen.filter((one) => one.startsWith('running')))
  expect([...running].filter((one) => /\d/.test(one)).length).toBeGreaterThan(0)

  const newest = page.locator('ol[aria-labelledby="imports"] > li').first()
  expect(await newest.getAttribute('data-job-status')).toBe('succeeded')
  expect(await newest.innerText()).toMatch(/Asked for by hand[\s\S]*0 new\s+0 changed/)
  await newest.getByText('By stream').click()
  await newest.getByText('Heart rate variability').waitFor()
  const { body } = await ask(page, 'GET', '/api/import-jobs?plugin=fitbit')
  expect(body.jobs[0]).toMatchObject({ trigger: 'manual', from: daysAgo(37), to: daysAgo(8) })
  await checkAccessibility(page)
})

test('the calendar shows one stream or all, earlier months, and the same as a table', async () => {
  await page.getByLabel('Stream', { exact: true }).selectOption('Weight')
  await page.waitForURL('**stream=weight**')
  await page.locator('[data-day][data-state="had-none"]').first().waitFor()
  await page.getByText('Show as table').click()
  const rows = page.getByRole('region', { name: 'Days by state' }).locator('tbody tr')
  expect(await rows.first().innerText()).toMatch(/^Weight\s+(Has data|No data|Pending)/)
  await checkAccessibility(page)
  await page.getByRole('link', { name: 'Earlier months' }).click()
  const month = today.toPlainYearMonth().subtract({ months: 3 })
  await page.waitForURL(`**month=${month.toString()}**`)
  await page.locator(`[data-day="${month.toString()}-10"]`).waitFor()
  expect(await page.locator(`[data-day="${today.toString()}"]`).count()).toBe(0)
})

test('a value on Today leads to the record, the rule and the answer of the source that it was read from', async () => {
  const day = daysAgo(3)
  const { body } = await ask(page, 'GET', `/api/metrics/daily?from=${day}&to=${day}&metrics=fitbit.steps`)
  const steps: number = body.days[0].values['fitbit.steps']
  await page.goto(`${app.url}/today?day=${day}`)
  await page.locator('[data-metric="fitbit.steps"]').getByTitle('Where it comes from').click()
  await page.waitForURL(`**/metrics/fitbit.steps/${day}`)
  await page.getByText('Fitbit reports this value for the day.').waitFor()
  expect(await page.locator('[data-record]').innerText()).toContain(`${steps.toLocaleString('en')} steps`)
  const stream = page.locator('[data-stream="activity"]')
  expect(await stream.innerText()).toMatch(/Has data[\s\S]*Asked for by hand|Has data[\s\S]*After connecting/)
  await checkAccessibility(page)
  await checkOnPhone(page)
  const href = (await stream.getByRole('link', { name: 'Answer 1' }).getAttribute('href')) ?? ''
  const raw = await page.evaluate(async (href) => {
    const response = await fetch(href)
    const { headers, status } = response
    const names = ['content-type', 'x-content-type-options', 'cache-control', 'content-security-policy']
    return { status, headers: names.map((name) => headers.get(name)), text: await response.text() }
  }, href)
  expect(raw.status).toBe(200)
  expect(raw.headers.slice(0, 3)).toEqual(['application/json', 'nosniff', 'no-store'])
  expect(raw.headers[3]).toContain("default-src 'none'")
  expect(JSON.parse(raw.text)['activities-steps']).toContainEqual({ dateTime: day, value: String(steps) })
})

test("a value in a metric's table opens by Enter, and says of a kind which source counts", async () => {
  const day = daysAgo(3)
  await page.goto(`${app.url}/metrics/metric.steps?range=week`)
  await page.getByText('Show as table').click()
  await page.locator(`a[href="/metrics/metric.steps/${day}"]`).focus()
  await page.keyboard.press('Enter')
  await page.waitForURL(`**/metrics/metric.steps/${day}`)
  const source = page.locator('[data-source="fitbit.steps"]')
  expect(await source.innerText()).toMatch(/Fitbit[\s\S]*counts[\s\S]*no other source has a value/)
  await source.getByRole('link').click()
  await page.waitForURL(`**/metrics/fitbit.steps/${day}`)
})

test('a day without a value says why there is none', async () => {
  await page.goto(`${app.url}/metrics/fitbit.steps/2019-01-01`)
  expect(await page.locator('[data-missing]').getAttribute('data-missing')).toBe('never-asked')
  await page.goto(`${app.url}/today?day=${daysAgo(3)}`)
  await page.getByRole('link', { name: 'Steps through the day' }).click()
  await page.waitForURL(`**/metrics/fitbit.stepsIntraday/${daysAgo(3)}`)
  expect(await page.locator('[data-missing]').getAttribute('data-missing')).toBe('stream-off')
  await checkAccessibility(page)
  await checkOnPhone(page)
})

test('a page that follows imports does not keep the app from ending', async () => {
  await page.goto(`${app.url}/settings/plugins/fitbit`)
  await page.waitForResponse((response) => response.url().endsWith('/api/import-jobs/events'))
  const asked = faults.length
  await app.stop()
  faults.length = asked
})

test('no page broke the content security policy or threw', () => {
  expect(faults).toEqual([])
})
