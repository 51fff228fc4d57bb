import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { checkAccessibility } from './harness/check-accessibility.ts'
import { launchBrowser } from './harness/launch-browser.ts'
import { ask, connect, openPage, signIn, withAda } from './harness/open-page.ts'
import { type App, startApp } from './harness/start-app.ts'

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

/** A metric's values by day, as the API gives them. */
function readValues(metric: string, from: string, to: string): Promise<(number | string | null)[]> {
  return page.evaluate(
    async ({ metric, from, to }) => {
      const query = new URLSearchParams({ from, to, metrics: metric })
      const { days } = await (await fetch(`/api/metrics/daily?${query}`)).json()
      return days.map((day: { values: Record<string, number | string | null> }) => day.values[metric] ?? null)
    },
    { metric, from, to },
  )
}

/** The days that a metric's page shows, and what its chart and its table have of them. */
async function readMetricPage(metric: string, days: number) {
  await page.getByText('Show as table').click()
  const cells = page.getByRole('table').locator('tbody td')
  expect(await cells.count()).toBe(days)
  return {
    points: await page.locator(`[data-series="${metric}"] [data-point]`).count(),
    withValue: await page.getByRole('table').locator('tbody td [data-value]').count(),
    newestFirst: (await cells.allInnerTexts()).map((text) => text.split('\n')[0]?.trim() ?? ''),
  }
}

test('a key that the source refuses is answered at the field, one that it takes connects', async () => {
  await page.goto(`${app.url}/settings/plugins`)
  const card = page.getByRole('article', { name: 'WakaTime' })
  await card.getByText('The simulated service takes the key', { exact: false }).waitFor()
  await card.getByLabel('API key').fill('a-wrong-key')
  await card.getByRole('button', { name: 'Connect WakaTime' }).click()
  const refusal = await card.getByRole('alert').innerText()
  expect(refusal).toMatch(/^[A-Z].*\.$/)
  expect(await card.getByLabel('API key').getAttribute('aria-invalid')).toBe('true')
  await checkAccessibility(page)
  await card.getByLabel('API key').fill('lab-key-1ab5ec2e7c0ffee0')
  await card.getByRole('button', { name: 'Connect WakaTime' }).click()
  await card.getByRole('button', { name: 'Sync now' }).waitFor()
  expect(await card.getByLabel('API key').count()).toBe(0)
  await card.getByText('Connected', { exact: true }).waitFor()
  await card.getByRole('button', { name: 'Change key' }).click()
  await page.getByRole('dialog').getByLabel('API key').waitFor()
  await checkAccessibility(page)
  await page.keyboard.press('Escape')
})

const file = `Datum;Gewicht (kg);Tassen
01.10.2026;70,5;2
02.10.2026;;3
03.10.2026;viel;4
04.10.2026;71,25;0
`

test('a file dropped on the page is shown as it would be read, and what is no table is refused by a sentence', async () => {
  await page.goto(`${app.url}/settings/plugins`)
  await page.getByRole('link', { name: 'Upload a CSV file' }).click()
  await page.waitForURL('**/settings/plugins/csv/upload')
  await checkAccessibility(page)
  await choose('letter.txt', 'Dear Ada')
  expect(await page.getByRole('alert').innerText()).toMatch(/^The file .*\.$/)
  await choose('values.csv', file)
  await page.getByRole('heading', { name: 'values.csv' }).waitFor()
  expect(await page.getByLabel('Between cells').inputValue()).toBe(';')
  expect(await page.getByLabel('Decimal sign').inputValue()).toBe(',')
  expect(await page.getByLabel('Date format').inputValue()).toBe('DD.MM.YYYY')
  expect(await page.getByLabel('Date column').inputValue()).toBe('Datum')
  expect(await page.getByLabel('Unit of Gewicht (kg)').inputValue()).toBe('kg')
  await page.getByRole('cell', { name: '70,5' }).waitFor()
  await checkAccessibility(page)
})

test('its values are imported, the bad row is named with its line', async () => {
  await page.getByLabel('Name of Tassen').fill('Cups of coffee')
  await page.getByRole('button', { name: 'Import' }).click()
  await page.getByText('values.csv is imported in part.').waitFor()
  const outcome = page.locator('[data-job-status]')
  await outcome.getByText('line 4: Gewicht (kg): "viel" is no number', { exact: false }).waitFor()
  await outcome.getByText('4 rows read').waitFor()
  await outcome.getByText('5 values').waitFor()
  await checkAccessibility(page)
  const [from, to] = ['2026-10-01', '2026-10-05']
  expect(await readValues('csv.Gewicht_kg', from, to)).toEqual([70.5, null, null, 71.25, null])
  expect(await readValues('csv.Tassen', from, to)).toEqual([2, 3, null, 0, null])
})

test('its page tells a zero from a day without a value, in the chart as in the table', async () => {
  await page.getByRole('link', { name: 'Cups of coffee' }).click()
  await page.waitForURL('**/metrics/csv.Tassen?**')
  await page.getByRole('heading', { name: 'Cups of coffee' }).waitFor()
  await page.getByRole('link', { name: 'Week' }).click()
  await page.waitForURL('**range=week**')
  const shown = await readMetricPage('csv.Tassen', 7)
  expect(shown).toEqual({ points: 3, withValue: 3, newestFirst: ['0', '—', '3', '2', '—', '—', '—'] })
  await checkAccessibility(page)
})

test('a file of which nothing could be read is listed as a failure that says what to do', async () => {
  await page.goto(`${app.url}/settings/plugins/csv/upload`)
  const status = await page.evaluate(async () => {
    const columns = [{ column: 'Cups', field: 'Cups', name: 'Cups', type: 'number', unit: '1', day: 'sum' }]
    const mapping = { delimiter: ',', decimal: '.', dateColumn: 'Date', dateFormat: 'YYYY-MM-DD', columns }
    const form = new FormData()
    form.append('mapping', JSON.stringify(mapping))
    form.append('file', new File(['Date,Cups\n2026-10-01,many\n'], 'bad.csv'))
    return (await fetch('/api/plugins/csv/upload', { method: 'POST', body: form })).status
  })
  expect(status).toBe(202)
  const listed = async () => {
    await page.goto(`${app.url}/settings/plugins/csv/upload`)
    return page.locator('[data-upload]').filter({ hasText: 'bad.csv' }).innerText()
  }
  await expect
    .poll(listed)
    .toMatch(/could not be imported[\s\S]*Nothing was imported\. None of its rows could be read: line 2: /)
  await checkAccessibility(page)
})

test('an upload is taken back after a question, and its values with it', async () => {
  await page.goto(`${app.url}/settings/plugins/csv/upload`)
  await page.getByText('4 rows, 5 values, 1 rejected', { exact: false }).waitFor()
  await page.getByRole('button', { name: 'Undo values.csv' }).click()
  const dialog = page.getByRole('dialog').or(page.getByRole('alertdialog'))
  await dialog.waitFor()
  await checkAccessibility(page)
  await dialog.getByRole('button', { name: 'Undo' }).click()
  await page.getByText('Undone', { exact: true }).waitFor()
  const none = Array.from({ length: 5 }, () => null)
  expect(await readValues('csv.Tassen', '2026-10-01', '2026-10-05')).toEqual(none)
  expect(await readValues('csv.Gewicht_kg', '2026-10-01', '2026-10-05')).toEqual(none)
})

test('a source’s chart has as many points as days with values, and its table shows the same', async () => {
  for (const name of ['Fitbit', 'Google Fit']) await connect(page, app, name)
  await expect.poll(hasWholeHistory, { interval: 250 }).toBe(true)
  await page.goto(`${app.url}/today`)
  await page.locator('[data-metric="fitbit.steps"] a[href="/metrics/fitbit.steps"]').click()
  await page.waitForURL('**/metrics/fitbit.steps')
  await checkAccessibility(page)
  const values = await readValues('fitbit.steps', ...lastDays(31))
  const points = (series: string) => page.locator(`[data-series="${series}"] [data-point]`).count()
  expect(await points('fitbit.steps')).toBe(values.filter(isNumber).length)
  expect(await points('google-fit.steps')).toBe(
    (await readValues('google-fit.steps', ...lastDays(31))).filter(isNumber).length,
  )
  await page.getByText('Show as table').click()
  const column = await page.locator('table tbody tr td:nth-child(2)').allInnerTexts()
  expect(column.map((text) => text.split('\n')[0]?.replace(' so far', '').trim())).toEqual(
    values.map((value) => (isNumber(value) ? `${value.toLocaleString('en')} steps` : '—')).reverse(),
  )
})

test('the chart is read day by day with the arrow keys', async () => {
  const slider = page.getByRole('slider', { name: 'Day in the chart' })
  await slider.focus()
  const newest = await slider.getAttribute('aria-valuetext')
  await page.keyboard.press('ArrowLeft')
  await expect.poll(() => slider.getAttribute('aria-valuetext')).not.toBe(newest)
  expect(await slider.getAttribute('aria-valuetext')).toMatch(
    /^\w+day \d+ \w+ \d{4}: Fitbit: .*; Google Fit: .*$/,
  )
})

test.each(['week', 'month', 'year'])(
  '%s: the page of a kind shows its sources over each other',
  async (range) => {
    await page.goto(`${app.url}/metrics/metric.sleep-duration?range=${range}`)
    for (const series of ['metric.sleep-duration', 'fitbit.sleepLength', 'google-fit.sleepLength']) {
      expect(await page.locator(`[data-series="${series}"] [data-point]`).count()).toBeGreaterThan(0)
    }
    await checkAccessibility(page)
    await page.getByRole('link', { name: `Previous ${range}` }).click()
    await page.getByRole('link', { name: `Next ${range}` }).waitFor()
  },
)

test('a metric that nothing has is not found', async () => {
  const answer = await page.goto(`${app.url}/metrics/fitbit.nothing`)
  expect(answer?.status()).toBe(404)
})

test('sources that share a kind are put in order', async () => {
  await page.goto(`${app.url}/settings/plugins`)
  const order = page.getByRole('region', { name: 'Source priority' })
  expect(await order.getByRole('listitem').count()).toBe(2)
  const sent = page.waitForRequest((request) => request.url().endsWith('/api/preferences/sources'))
  await order.getByRole('button', { name: 'Move Google Fit up' }).click()
  expect((await sent).postDataJSON()).toEqual({ order: ['google-fit', 'fitbit'] })
  await order.getByRole('status').getByText('Google Fit is now number 1 of 2.').waitFor()
  expect((await order.getByRole('listitem').allInnerTexts())[0]).toContain('Google Fit')
  await checkAccessibility(page)
})

test('no page broke the content security policy or threw', () => {
  expect(faults).toEqual([])
})

async function choose(name: string, text: string): Promise<void> {
  const content = { name, mimeType: 'text/csv', buffer: Buffer.from(text) }
  await page.getByLabel('Choose a file').setInputFiles(content)
}

/** Whether every connected source with a history has all of it. */
function hasWholeHistory(): Promise<boolean> {
  return page.evaluate(async () => {
    const { plugins } = await (await fetch('/api/plugins')).json()
    return plugins
      .filter(({ connected, connectBy }: Record<string, unknown>) => connected && connectBy !== 'upload')
      .every(
        ({
          history,
          job,
        }: {
          history: { reached: string | null; from: string }
          job: { finishedAt: string | null }
        }) => history.reached !== null && history.reached <= history.from && job.finishedAt !== null,
      )
  })
}

function lastDays(count: number): [from: string, to: string] {
  const today = Temporal.Now.plainDateISO('Europe/Berlin')
  return [today.subtract({ days: count - 1 }).toString(), today.toString()]
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number'
}
