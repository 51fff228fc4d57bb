import { plugins } from '@tributary/plugins'
import { afterEach, expect } from 'vitest'
import type { SignedIn } from '../packages/engine/src/contract/engine.ts'
import { createTestEngine, type TestEngine } from '../packages/engine/src/testing/test-engine.ts'
import { listCases, listDays, readCase, testCase } from './harness/shared-cases.ts'
import { describeShared } from './harness/shared-folder.ts'

/** Responses of a service to the requests for one stream, and the records that are right. */
interface Case {
  plugin: string
  stream: string
  zone: string
  from: string
  to: string
  pages: Page[]
  right: (Day | Measured)[]
}
type Page = Record<string, unknown>
interface Day {
  date: string
  fields: Record<string, number>
}
interface Measured {
  field: string
  start: string
  end?: string
  value: number
}

let tributary: TestEngine
let ada: SignedIn
afterEach(() => tributary.close())

describeShared('cases', 'responses of a service', (folder) => {
  for (const file of listCases(folder, /^(health|fit|fitbit)-.*\.json$/))
    testCase(file, async () => {
      const given = readCase<Case>(folder, file)
      await importCase(given)
      const measured = given.right.filter((record) => 'field' in record)
      const days = given.right.filter((record) => 'date' in record)
      const fields = await readFields(given)
      if (measured.length > 0) expect(await readMeasurements(given, fields)).toEqual(measured.map(inInstants))
      else expect(await readDaily(given, fields)).toEqual(completeDays(given, fields, days))
    })
})

/** Imports the days of a case from a simulated service that has the given responses and no data beside them. */
async function importCase({ plugin, stream, zone, from, to, pages }: Case): Promise<void> {
  const dayAfter = Temporal.PlainDate.from(to).add({ days: 1 })
  tributary = await createTestEngine({ plugins, now: `${dayAfter.toString()}T12:00:00Z` })
  ada = await tributary.addUser('ada@example.org')
  await tributary.engine.accounts.setTimeZone(ada.user.id, zone)
  const { changes, faults } = tributary.lab.lab
  for (const date of listDays(from, to)) changes.add({ date, at: `${from}T00:00:00Z`, remove: 'day' })
  for (const { path, page } of requestsFor(pages))
    faults.add({ source: plugin, path, times: Infinity, respond: { status: 200, body: page } })
  await tributary.connect(ada, plugin)
  await tributary.engine.plugins.change(ada.user.id, plugin, { streams: [stream], historyFrom: from })
  tributary.startWorker()
  await tributary.sync(ada, plugin, { startDate: from, endDate: to })
}

/** Which requests get which page. What follows another page goes first, because it is requested by that page's token. */
function requestsFor(pages: Page[]): { path: RegExp; page: Page }[] {
  return pages
    .map((page, index) => {
      const path = pathOf(page)
      const before = pages[index - 1]
      const token = before && pathOf(before) === path ? before['nextPageToken'] : undefined
      return { path: new RegExp(token ? `${path}.*pageToken=${RegExp.escape(String(token))}` : path), page }
    })
    .toReversed()
}

/** The path of the request that has a page as its response, as a regular expression. */
function pathOf(page: Page): string {
  if ('session' in page) return 'users/me/sessions'
  if ('dataSourceId' in page) return 'dataSources/.*/datasets'
  if ('bucket' in page) return 'dataset:aggregate'
  const points = (page['dataPoints'] ?? page['rollupDataPoints']) as Page[] | undefined
  const about = ['name', 'dataSource', 'civilStartTime', 'civilEndTime']
  const member = Object.keys(points?.[0] ?? {}).find((key) => !about.includes(key))
  if (member) return `dataTypes/${member.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}/`
  return `/${Object.keys(page)[0]?.replaceAll('-', '/')}/`
}

async function readFields({ plugin, stream }: Case): Promise<string[]> {
  const { streams } = await tributary.engine.plugins.get(ada.user.id, plugin)
  return streams.find(({ id }) => id === stream)?.fields ?? []
}

async function readDaily({ plugin, from, to }: Case, fields: string[]) {
  const metrics = fields.map((field) => `${plugin}.${field}`)
  const { days } = await tributary.engine.metrics.daily(ada.user.id, { from, to, metrics })
  return days.map(({ date, values }) => ({
    date,
    fields: Object.fromEntries(fields.map((field) => [field, values[`${plugin}.${field}`] ?? null])),
  }))
}

/** Every day of the case with every field; `null` where the case has no value. */
function completeDays({ from, to }: Case, fields: string[], right: Day[]) {
  return listDays(from, to).map((date) => {
    const values = right.find((day) => day.date === date)?.fields ?? {}
    return { date, fields: Object.fromEntries(fields.map((field) => [field, values[field] ?? null])) }
  })
}

/** From the database: fields without a rule of the day have no explanation that shows their measurements. */
async function readMeasurements({ plugin }: Case, fields: string[]) {
  const found = await tributary.database.query<{ field: string; start: Date; end: Date; value: number }>(
    `select field, start_at as start, end_at as "end", value
     from tributary.measurements m join tributary.series s on s.id = m.series_id
     where source_id = $1 and field = any($2) order by field, start_at`,
    [plugin, fields],
  )
  return found.map(({ start, end, ...one }) =>
    inInstants({ ...one, start: new Date(start).toISOString(), end: new Date(end).toISOString() }),
  )
}

function inInstants({ field, start, end = start, value }: Measured) {
  const instant = (time: string) => Temporal.Instant.from(time).toString()
  return { field, start: instant(start), end: instant(end), value }
}
