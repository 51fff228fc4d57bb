import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createHttpUser, type HttpUser } from './harness/http-user.ts'
import { type App, startApp } from './harness/start-app.ts'

interface RejectionPage {
  rejections: { code: string; reason: string; stream: string; path?: string }[]
  next: string | null
}

const password = 'a long password'
const mapping = {
  delimiter: ',',
  decimal: '.',
  dateColumn: 'date',
  dateFormat: 'YYYY-MM-DD',
  columns: [
    { column: 'kg', field: 'kg', name: 'Scale', type: 'number', unit: 'kg', kind: 'weight', day: 'last' },
  ],
}

let app: App
let ada: HttpUser
let jobId: string

beforeAll(async () => {
  app = await startApp({ TRIBUTARY_ADMIN_EMAIL: 'ada@example.org', TRIBUTARY_ADMIN_PASSWORD: password })
  ada = createHttpUser(app)
  await ada.json('POST', '/api/auth/sign-in/email', { email: 'ada@example.org', password })
  jobId = await upload(
    'date,kg\n2026-01-01,80\n2026-01-02,0\n2026-01-03,many\n2026-01-04,900\n2026-01-05,81\n',
  )
})

afterAll(() => app.stop())

async function upload(text: string): Promise<string> {
  const form = new FormData()
  form.append('mapping', JSON.stringify(mapping))
  form.append('file', new Blob([text]), 'scale.csv')
  const response = await fetch(`${app.url}/api/plugins/csv/upload`, {
    method: 'POST',
    headers: { cookie: ada.cookie(), origin: app.url },
    body: form,
  })
  expect(response.status, await response.clone().text()).toBe(202)
  const { job } = (await response.json()) as { job: { id: string } }
  const status = async () =>
    (await ada.json<{ job: { status: string } }>('GET', `/api/import-jobs/${job.id}`)).job.status
  await vi.waitFor(async () => expect(await status()).toMatch(/succeeded|partial|failed/), 120_000)
  return job.id
}

const list = (query = '') => ada.json<RejectionPage>('GET', `/api/import-jobs/${jobId}/rejections${query}`)

test('a job’s rejections are listed with code, reason and stream', async () => {
  const { rejections, next } = await list()
  expect(next).toBeNull()
  expect(rejections.map(({ code, reason, stream }) => [code, stream, reason])).toEqual(
    expect.arrayContaining([
      ['implausible', 'file', 'Scale of 0 kg is outside 0.3 to 700 kg.'],
      ['unreadable', 'file', expect.stringContaining('many')],
      ['implausible', 'file', 'Scale of 900 kg is outside 0.3 to 700 kg.'],
    ]),
  )
  expect(rejections).toHaveLength(3)
})

test('the list comes in parts, each rejection once', async () => {
  const found = []
  let next: string | null = null
  do {
    const part: RejectionPage = await list(`?limit=1${next === null ? '' : `&after=${next}`}`)
    expect(part.rejections).toHaveLength(1)
    found.push(...part.rejections)
    next = part.next
  } while (next !== null)
  expect(found).toEqual((await list()).rejections)
})

test.each(['after=x', 'after=-1', 'limit=0', 'limit=201', 'other=1'])(
  'a list that is asked for by %s is refused',
  async (query) => {
    const response = await ada.request('GET', `/api/import-jobs/${jobId}/rejections?${query}`)
    expect(response.status).toBe(400)
  },
)

test('the page of a job says what was not stored and why', async () => {
  const page = await (await ada.request('GET', `/imports/${jobId}`)).text()
  expect(page).toContain('Scale of 0 kg is outside 0.3 to 700 kg.')
  expect(page).toContain('Could not be read')
})

test('an implausible value entered by hand is refused by its range', async () => {
  const response = await ada.request('PUT', '/api/metrics/manual', {
    metric: 'csv.kg',
    date: '2026-01-01',
    value: 0,
  })
  expect(response.status).toBe(422)
  expect(await response.json()).toMatchObject({
    code: 'implausible-value',
    detail: 'Scale of 0 kg is outside 0.3 to 700 kg.',
  })
})
