import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect } from 'vitest'
import { createHttpUser, type HttpUser } from './harness/http-user.ts'
import { testCase } from './harness/shared-cases.ts'
import { describeShared } from './harness/shared-folder.ts'
import { type App, startApp } from './harness/start-app.ts'

const credentials = { email: 'ada@example.org', password: 'a long password' }

describeShared('cases', 'tables as pages show them', (folder) => {
  let app: App
  let ada: HttpUser
  beforeAll(async () => {
    app = await startApp({
      TRIBUTARY_ADMIN_EMAIL: credentials.email,
      TRIBUTARY_ADMIN_PASSWORD: credentials.password,
    })
    ada = createHttpUser(app)
    await ada.json('POST', '/api/auth/sign-in/email', credentials)
    await ada.json('PATCH', '/api/account', { timeZone: 'UTC' })
  })
  afterAll(() => app.stop())

  testCase(
    'csv-bedtimes-around-midnight.csv',
    async () => {
      const yesterday = Temporal.Now.plainDateISO('UTC').subtract({ days: 1 })
      await upload(
        moveLastDay(readFileSync(join(folder, 'csv-bedtimes-around-midnight.csv'), 'utf8'), yesterday),
      )
      const { plugin } = await ada.json<{ plugin: { fields: { id: string }[] } }>('GET', '/api/plugins/csv')
      const metric = `csv.${plugin.fields[0]?.id}`
      const to = yesterday.toString()
      expect(await readPage(`/today?day=${to}`)).toMatch(/Average 00:00\b/)
      for (const range of ['week', 'month', 'year'])
        expect(await readPage(`/metrics/${metric}?range=${range}&to=${to}`)).toMatch(/Average 00:00\b/)
    },
    'its average',
  )

  async function upload(content: string): Promise<void> {
    const body = new FormData()
    body.append('file', new Blob([content]), 'table.csv')
    const response = await fetch(`${app.url}/api/plugins/csv/upload`, {
      method: 'POST',
      headers: { cookie: ada.cookie(), origin: app.url },
      body,
    })
    expect(response.status).toBe(202)
    const { job } = (await response.json()) as { job: { id: string } }
    const status = async () =>
      (await ada.json<{ job: { status: string } }>('GET', `/api/import-jobs/${job.id}`)).job.status
    await expect.poll(status).toBe('succeeded')
  }

  /** The text of a page, without markup. */
  async function readPage(path: string): Promise<string> {
    const html = await (await ada.request('GET', path)).text()
    return html
      .replaceAll(/<script[^]*?<\/script>/g, '')
      .replaceAll(/<[^>]*>/g, ' ')
      .replaceAll(/\s+/g, ' ')
  }
})

/** Moves all dates of a table by as many days, so that its last one is the given day. */
function moveLastDay(table: string, day: Temporal.PlainDate): string {
  const date = /\d{4}-\d\d-\d\d/g
  const days = Temporal.PlainDate.from(table.match(date)?.at(-1) ?? '').until(day).days
  return table.replaceAll(date, (text) => Temporal.PlainDate.from(text).add({ days }).toString())
}
