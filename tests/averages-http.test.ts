import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createHttpUser, type HttpUser } from './harness/http-user.ts'
import { type App, startApp } from './harness/start-app.ts'

const password = 'a long password'
const bedTimes = ['23:20', '00:40', '23:45', '00:15', '23:10', '00:50']

let app: App
let ada: HttpUser
/** The oldest first; the last one is today. */
let days: string[]

beforeAll(async () => {
  app = await startApp({ TRIBUTARY_ADMIN_EMAIL: 'ada@example.org', TRIBUTARY_ADMIN_PASSWORD: password })
  ada = createHttpUser(app)
  await ada.json('POST', '/api/auth/sign-in/email', { email: 'ada@example.org', password })
  await ada.json('PATCH', '/api/account', { timeZone: 'UTC' })
  const today = Temporal.Now.plainDateISO('UTC')
  days = Array.from({ length: 7 }, (_, index) => today.subtract({ days: 6 - index }).toString())
  const rows = days.map((date, index) => {
    const isToday = index === days.length - 1
    return [date, bedTimes[index] ?? '', isToday ? 150 : 7000 + index * 100].join(',')
  })
  await upload(`date,In bed,Walked\n${rows.join('\n')}\n`)
})

afterAll(() => app.stop())

async function upload(text: string): Promise<void> {
  const columns = [
    { column: 'In bed', field: 'bed', name: 'In bed', type: 'time', day: 'last' },
    { column: 'Walked', field: 'steps', name: 'Walked', type: 'number', unit: '{steps}', day: 'last' },
  ]
  const form = new FormData()
  const mapping = { delimiter: ',', decimal: '.', dateColumn: 'date', dateFormat: 'YYYY-MM-DD', columns }
  form.append('mapping', JSON.stringify(mapping))
  form.append('file', new Blob([text]), 'nights.csv')
  const headers = { cookie: ada.cookie(), origin: app.url }
  const response = await fetch(`${app.url}/api/plugins/csv/upload`, { method: 'POST', headers, body: form })
  expect(response.status, await response.clone().text()).toBe(202)
  const { job } = (await response.json()) as { job: { id: string } }
  await vi.waitFor(async () => {
    const found = await ada.json<{ job: { status: string } }>('GET', `/api/import-jobs/${job.id}`)
    expect(found.job.status).toBe('succeeded')
  })
}

/** What a page says, without its marks. */
async function words(path: string): Promise<string> {
  const response = await ada.request('GET', path)
  expect(response.status).toBe(200)
  return (await response.text())
    .replaceAll(/<(script|style)[\s\S]*?<\/\1>|<!--[\s\S]*?-->/g, '')
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll(/\s+/g, ' ')
}

test.each(['/metrics/csv.bed', '/metrics/csv.bed?range=week', '/metrics/csv.bed?range=year', '/today'])(
  'times around midnight have their average at midnight on %s',
  async (path) => {
    expect(await words(path)).toContain('Average 00:00')
  },
)

test('the earliest of times around midnight lies before it, the latest after it', async () => {
  expect(await words('/metrics/csv.bed')).toMatch(/Earliest 23:10 .* Latest 00:50 /)
})

test('the unfinished day counts in no average and is not the lowest', async () => {
  for (const range of ['week', 'month', 'year']) {
    const page = await words(`/metrics/csv.steps?range=${range}`)
    expect(page, range).toContain('Average 7,250 steps without 1 unfinished day')
    expect(page, range).toContain('Lowest 7,000 steps')
  }
  expect(await words('/today')).toContain('Average 7,250')
})

test('the mean of a week has no unfinished day in it', async () => {
  expect(await words('/metrics/csv.steps?range=year')).toContain('7,250 steps (6 of 7 days)')
})

test('the value of an unfinished day is marked in tile, list and table', async () => {
  // Once in the tile and once in the list of days.
  expect((await words('/today')).match(/150( steps)? so far/g)).toHaveLength(2)
  expect(await words('/metrics/csv.steps')).toContain('150 steps so far')
  expect(await words('/settings/metrics/new')).not.toContain('so far')
})

test('daily values say which of them are not final', async () => {
  const [from, to] = [days[0], days.at(-1)]
  const answer = await ada.json<{ incomplete: unknown[] }>('GET', `/api/metrics/daily?from=${from}&to=${to}`)
  expect(answer.incomplete).toEqual([{ date: to, metric: 'csv.steps', reason: 'day-not-over' }])
})

test('a metric of a source has the unit of its field; no other can be written', async () => {
  const metric = { type: 'external', name: 'Walked', source: 'csv.steps' }
  const post = (unit?: string) =>
    ada.request('POST', '/api/metric-templates', {
      name: 'Mine',
      chosen: true,
      metrics: [{ ...metric, ...(unit === undefined ? {} : { unit }) }],
    })
  const refused = await post('miles')
  expect(refused.status).toBe(400)
  expect(await refused.text()).toContain('a metric of a source has the unit of its field')
  const made = await post()
  expect(made.status).toBe(201)
  expect(((await made.json()) as { template: { metrics: unknown[] } }).template.metrics).toEqual([
    { ...metric, id: 'csv.steps' },
  ])
  expect(await words('/today')).toContain('150 steps so far')
})
