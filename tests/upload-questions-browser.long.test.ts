import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { checkAccessibility } from './harness/check-accessibility.ts'
import { launchBrowser } from './harness/launch-browser.ts'
import { openPage, signIn, withAda } from './harness/open-page.ts'
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
})

afterAll(async () => {
  await browser.close()
  await app.stop()
})

/** Sends a file from the page, as a script would: with a mapping or without. */
function upload(text: string, mapping?: unknown) {
  return page.evaluate(
    async ([text, mapping]) => {
      const form = new FormData()
      if (mapping !== undefined) form.append('mapping', mapping)
      form.append('file', new File([text ?? ''], 'sent.csv'))
      const response = await fetch('/api/plugins/csv/upload', { method: 'POST', body: form })
      return { status: response.status, body: await response.json() }
    },
    [text, mapping === undefined ? undefined : JSON.stringify(mapping)] as const,
  )
}

async function readValues(metric: string, from: string, to: string) {
  return page.evaluate(
    async ([metric = '', from = '', to = '']) => {
      const query = new URLSearchParams({ from, to, metrics: metric })
      const { days } = await (await fetch(`/api/metrics/daily?${query}`)).json()
      return days.map((day: { values: Record<string, unknown> }) => day.values[metric] ?? null)
    },
    [metric, from, to] as const,
  )
}

const unclear = 'When,Laps,Plank\n05/06/2026,3,1:05\n07/06/2026,4,2:10\n'

test('a file that leaves something open is not imported without a mapping, and its questions say how to answer', async () => {
  const { status, body } = await upload(unclear)
  expect(status).toBe(422)
  expect(body).toMatchObject({ status: 422, code: 'mapping-unclear' })
  expect(body.questions.map(({ column }: { column: string }) => column)).toEqual(['When', 'Plank'])
  expect(body.questions[0]).toEqual({
    column: 'When',
    question: 'Which day is "05/06/2026" in “When”?',
    choices: [
      { value: 'MM/DD/YYYY', example: '05/06/2026 is 6 May 2026', set: { '/dateFormat': 'MM/DD/YYYY' } },
      { value: 'DD/MM/YYYY', example: '05/06/2026 is 5 June 2026', set: { '/dateFormat': 'DD/MM/YYYY' } },
    ],
  })
  expect(body.mapping.columns).toHaveLength(2)
})

test('the page asks the same, and imports what was answered', async () => {
  await page.goto(`${app.url}/settings/plugins/csv/upload`)
  const content = { name: 'unclear.csv', mimeType: 'text/csv', buffer: Buffer.from(unclear) }
  await page.getByLabel('Choose a file').setInputFiles(content)
  const day = page.getByRole('group', { name: 'Which day is "05/06/2026" in “When”?' })
  await day.waitFor()
  await checkAccessibility(page)
  await page.getByRole('button', { name: 'Import' }).click()
  expect(await page.getByRole('alert').innerText()).toBe('Answer the question about “When”.')

  await day.getByLabel('05/06/2026 is 6 May 2026').focus()
  await page.keyboard.press('Space')
  await page.keyboard.press('ArrowDown')
  expect(await page.getByLabel('Date format').inputValue()).toBe('DD/MM/YYYY')
  const plank = page.getByRole('group', { name: 'What is "1:05" in “Plank”?' })
  await plank.getByLabel('1:05 is minutes and seconds').check()
  expect(await page.getByLabel('Type of Plank').inputValue()).toBe('stopwatch')
  expect(await page.getByLabel('Of a day’s rows of Laps').inputValue()).toBe('sum')
  await page.getByRole('button', { name: 'Import' }).click()
  await page.getByText('unclear.csv is imported.').waitFor()
  expect(await readValues('csv.Plank', '2026-06-05', '2026-06-07')).toEqual([65, null, 130])
  expect(await readValues('csv.Laps', '2026-06-05', '2026-06-07')).toEqual([3, null, 4])
})

test('another file of that kind is read as the first was', async () => {
  expect((await upload('When,Laps,Plank\n08/06/2026,5,3:00\n')).status).toBe(202)
  await expect.poll(() => readValues('csv.Plank', '2026-06-08', '2026-06-08')).toEqual([180])
})

test('another date column or separator is read by the same rules, and a wrong one says so', async () => {
  await page.goto(`${app.url}/settings/plugins/csv/upload`)
  const text = 'Saved,Taken,Glow\n2026-07-01 10:00,2026-06-20,"1,5"\n2026-07-01 10:00,2026-06-21,2\n'
  const content = { name: 'glow.csv', mimeType: 'text/csv', buffer: Buffer.from(text) }
  await page.getByLabel('Choose a file').setInputFiles(content)
  await page.getByLabel('Name of Glow').fill('My glow')
  await page.getByLabel('Date column').selectOption('Glow')
  await page.getByText('The column “Glow” holds no dates', { exact: false }).waitFor()
  await page.getByLabel('Date column').selectOption('Taken')
  await page.getByText('holds no dates', { exact: false }).waitFor({ state: 'detached' })
  expect(await page.getByLabel('Name of Glow').inputValue()).toBe('My glow')
  await page.getByRole('button', { name: 'Import' }).click()
  await page.getByText('glow.csv is imported.').waitFor()
  expect(await readValues('csv.Glow', '2026-06-20', '2026-06-21')).toEqual([1.5, 2])
  expect(faults).toEqual([])
})

test('the end of an import is shown although its changes could not be followed', async () => {
  await page.route('**/api/import-jobs/events', (route) => route.fulfill({ status: 503 }))
  await page.goto(`${app.url}/settings/plugins/csv/upload`)
  const buffer = Buffer.from('Date,Steps\n2026-06-24,1200\n')
  await page.getByLabel('Choose a file').setInputFiles({ name: 'steps.csv', mimeType: 'text/csv', buffer })
  await page.getByRole('button', { name: 'Import' }).click()
  await page.getByRole('button', { name: 'Upload another file' }).waitFor()
  await page.unroute('**/api/import-jobs/events')
})
