import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { checkAccessibility } from './harness/check-accessibility.ts'
import { launchBrowser } from './harness/launch-browser.ts'
import { limitMs } from './harness/limit.ts'
import { type App, startApp } from './harness/start-app.ts'

interface Succession {
  seams: { day: string; from: string; to: string }[]
  comparisons: {
    one: string
    other: string
    days: unknown[]
    meanPercent: number
    largest: { date: string; one: number; other: number; difference: number }[]
  }[]
}

/** Fitbit ended on 2 November 2026. */
const range = { from: '2026-09-15', to: '2026-11-20' }
const shown = 'to=2026-11-20'
let app: App
let browser: Browser
let page: Page
let told: Succession
const faults: string[] = []

beforeAll(async () => {
  app = await startApp({
    TRIBUTARY_SIMULATE: 'all',
    TRIBUTARY_ADMIN_EMAIL: 'ada@example.org',
    TRIBUTARY_ADMIN_PASSWORD: 'a long password',
  })
  browser = await launchBrowser()
  const context = await browser.newContext({
    timezoneId: 'Europe/Berlin',
    viewport: { width: 1280, height: 900 },
  })
  page = await context.newPage()
  page.setDefaultTimeout(limitMs)
  page.on('pageerror', (error) => faults.push(error.message))
  await page.goto(`${app.url}/sign-in`)
  await page.getByLabel('E-mail').fill('ada@example.org')
  await page.getByLabel('Password').fill('a long password')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL('**/today')
  await send('PATCH', '/api/account', { timeZone: 'Europe/Berlin' })
})

afterAll(async () => {
  await browser.close()
  await app.stop()
})

/** Asks the API as the page would, and gives status and answer. */
function send<Answer = unknown>(
  method: string,
  path: string,
  body?: object,
): Promise<{ status: number; cache: string | null; answer: Answer }> {
  return page.evaluate(
    async ({ method, path, body }) => {
      const response = await fetch(path, {
        method,
        ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
      })
      return {
        status: response.status,
        cache: response.headers.get('cache-control'),
        answer: await response.json(),
      }
    },
    { method, path, body },
  )
}

async function connect(name: string, id: string) {
  await page
    .getByRole('article', { name })
    .getByRole('link', { name: `Connect ${name}` })
    .click()
  await page.waitForURL('**/lab/**')
  await page.locator('form').first().getByRole('button').first().click()
  await page.waitForURL('**/settings/plugins?success=**')
  await send('PATCH', `/api/plugins/${id}`, { historyFrom: range.from })
}

async function hasHistory(id: string): Promise<boolean> {
  const { answer } = await send<{
    history: { reached: string | null; from: string }
    job: { finishedAt: string | null }
  }>('GET', `/api/plugins/${id}`)
  return answer.history.reached === answer.history.from && answer.job.finishedAt !== null
}

test('the card of a retired source leads to its successor, and says that its history stays', async () => {
  await page.goto(`${app.url}/settings/plugins`)
  await connect('Fitbit', 'fitbit')
  const card = page.getByRole('article', { name: 'Fitbit' })
  await card.getByText('Connect Google Health to continue. Your Fitbit history is kept.').waitFor()
  await checkAccessibility(page)
  expect(await card.getByRole('link', { name: 'Connect Google Health' }).getAttribute('href')).toBe(
    '/api/plugins/google-health/auth',
  )
  await connect('Google Health', 'google-health')
  await card.getByText('Google Health takes over from here. Your Fitbit history is kept.').waitFor()
})

test('what two sources say of the same days is compared by the API', async () => {
  for (const id of ['fitbit', 'google-health'])
    await expect.poll(() => hasHistory(id), { interval: 250 }).toBe(true)
  // Both tell of one person and agree; these days they do not.
  for (const [date, value] of Object.entries({
    '2026-10-06': 7_400,
    '2026-10-21': 9_900,
    '2026-11-12': 6_100,
  }))
    await send('PUT', '/api/metrics/manual', { metric: 'fitbit.steps', date, value })
  const asked = `/api/metrics/compare?metric=metric.steps&from=${range.from}&to=${range.to}`
  const { answer, cache } = await send<Succession>('GET', asked)
  told = answer
  expect(cache).toBe('no-store')
  expect(told.seams).toEqual([{ day: '2026-11-02', from: 'fitbit', to: 'google-health' }])
  expect(told.comparisons).toHaveLength(1)
  expect(told.comparisons[0]?.largest).toHaveLength(3)
})

test.each([
  ['metric=metric.steps&from=2026-11-02&to=2026-11-01', 400, '"from": must not be after to.'],
  ['metric=metric.steps&from=2006-11-02&to=2026-12-01', 400, '"to": must be at most 3700 days after from.'],
  ['metric=fitbit.steps&from=2026-11-01&to=2026-11-02', 400, 'must be the name of a kind'],
  ['from=2026-11-01&to=2026-11-02', 400, 'must be the name of a kind'],
  ['metric=metric.steps&from=2026-11-01&to=2026-11-02&by=day', 400, 'Unknown: by.'],
  ['metric=metric.nothing&from=2026-11-01&to=2026-11-02', 404, 'There is no such kind'],
])('%s is answered with %d and a sentence', async (query, status, sentence) => {
  const { status: given, answer } = await send('GET', `/api/metrics/compare?${query}`)
  expect(given).toBe(status)
  expect(JSON.stringify(answer)).toContain(JSON.stringify(sentence).slice(1, -1))
})

test.each(['month', 'year'])('%s: the chart of a kind shows the seam, in words too', async (name) => {
  // While the history of one source still comes, the other's older days have a seam of their own.
  const countSeams = async () => {
    await page.goto(`${app.url}/metrics/metric.steps?range=${name}&${shown}`)
    return page.locator('[data-seam]').count()
  }
  await expect.poll(countSeams, { interval: 500 }).toBe(1)
  await page.getByText('Fitbit → Google Health on 2 Nov', { exact: true }).waitFor()
  const chart = page.getByRole('img', {
    name: 'Fitbit gives the values until 1 Nov 2026, Google Health from then on.',
  })
  expect(await chart.count()).toBe(1)
  await checkAccessibility(page)
})

test('a range on one side of the seam has no line', async () => {
  await page.goto(`${app.url}/metrics/metric.steps?range=week&${shown}`)
  await page.getByRole('heading', { name: 'Where sources overlap' }).waitFor()
  expect(await page.locator('[data-seam]').count()).toBe(0)
})

test('the table says whose each value is, and where that changes', async () => {
  await page.goto(`${app.url}/metrics/metric.steps?range=month&${shown}`)
  await page.getByText('Show as table').click()
  const table = page.getByRole('region', { name: 'Steps, day by day' })
  const row = (day: string) => table.getByRole('row', { name: day }).getByRole('cell').nth(1).innerText()
  expect(await row('Sunday 1 November 2026')).toBe('Fitbit')
  expect(await row('Monday 2 November 2026')).toMatch(/^Google Health\s+from here on, Fitbit before$/)
  expect(await row('Tuesday 3 November 2026')).toBe('Google Health')
  await checkAccessibility(page)
})

test('where both tell, the page says what the API says, and leads to both originals', async () => {
  const [comparison] = told.comparisons
  if (!comparison) throw new Error('nothing was compared')
  const section = page.getByRole('region', { name: 'Where sources overlap' })
  const words = await section.innerText()
  const counted = await wholeHistory()
  const percent = counted.meanPercent.toLocaleString('en', { maximumFractionDigits: 1 })
  expect(words).toContain(
    `On ${counted.days.length} days both report: Google Health is ${percent}\u00a0% higher on average.`,
  )
  const rows = await section.getByRole('table').locator('tbody tr').allInnerTexts()
  const number = (value: number) => Math.abs(value).toLocaleString('en')
  expect(rows.map((text) => text.split(/\t+|\n+/).map((cell) => cell.trim()))).toEqual(
    comparison.largest.map(({ date, one, other, difference }) => [
      Temporal.PlainDate.from(date).toLocaleString('en-GB', {
        day: 'numeric',
        month: 'short',
        year: 'numeric',
      }),
      number(one),
      number(other),
      `${difference < 0 ? '−' : '+'}${number(difference)}`,
    ]),
  )
  for (const [name, address] of [
    ['Fitbit', '/metrics/fitbit.steps'],
    ['Google Health', '/metrics/google-health.steps'],
  ] as const) {
    await section.getByRole('link', { name, exact: true }).focus()
    await page.keyboard.press('Enter')
    await page.waitForURL(`**${address}`)
    await page.goBack()
    await section.waitFor()
  }
})

test('on a narrow screen nothing leaves the page', async () => {
  await page.setViewportSize({ width: 390, height: 844 })
  await page.goto(`${app.url}/metrics/metric.steps?range=month&${shown}`)
  await page.getByText('Fitbit → Google Health on 2 Nov', { exact: true }).waitFor()
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
  await checkAccessibility(page)
})

test('no page threw', () => {
  expect(faults).toEqual([])
})

/** The comparison over all days that the page counts. */
async function wholeHistory() {
  const today = Temporal.Now.plainDateISO('Europe/Berlin').toString()
  const asked = `/api/metrics/compare?metric=metric.steps&from=2020-01-01&to=${today}`
  const { answer } = await send<Succession>('GET', asked)
  const [comparison] = answer.comparisons
  if (!comparison) throw new Error('nothing was compared')
  return comparison
}
