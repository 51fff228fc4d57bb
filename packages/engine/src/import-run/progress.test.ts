import { definePlugin, type MappedRecord, type Stream } from '@tributary/plugin-sdk'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { addDays } from '../domain/clock.ts'
import type { Job, SignedIn } from '../contract/engine.ts'
import { examplePlugin } from '../testing/example-plugin.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'

const days = { startDate: '2026-11-01', endDate: '2026-11-10' }

let tributary: TestEngine
let ada: SignedIn
/** What the source says of a field and day, where that is not 1. */
let said: Map<string, unknown>

/** The example service in two streams: one asked five days at a time, the other all days in two pages. */
function source() {
  const { plugin } = examplePlugin('example')
  const number = { type: 'number', unit: '{score}' } as const
  const stream = (field: string, maxDaysPerRequest: number, pages: number): Stream => ({
    fields: [field],
    maxDaysPerRequest,
    answers: 'window',
    // Declares that a page without records may be an answer.
    schema: { '~standard': { version: 1, vendor: 'tests', validate: (value) => ({ value }) } },
    async *fetchData({ http, from, to }) {
      for (let page = 0; page < pages; page++)
        yield await http.get('/data', { start: addDays(from, -20 * page), end: to })
    },
    mapData: (_, { from, to }) => {
      const records: MappedRecord[] = []
      for (let date = from; date <= to; date = addDays(date, 1)) {
        const value = said.get(`${field} ${date}`) ?? 1
        if (value !== 'gone') records.push({ date, fields: { [field]: value as number } })
      }
      return records
    },
  })
  return definePlugin({
    ...plugin,
    fields: { one: { name: 'One', ...number }, two: { name: 'Two', ...number } },
    streams: { parts: stream('one', 5, 1), pages: stream('two', 30, 2) },
  })
}

beforeEach(async () => {
  said = new Map()
  tributary = await createTestEngine({ plugins: [source()], aliases: { example: 'example-service' } })
  ada = await tributary.addUser('ada@example.org')
  await tributary.connect(ada, 'example')
  await tributary.database.query('delete from tributary.import_jobs')
  await tributary.engine.plugins.change(ada.user.id, 'example', {
    historyFrom: days.startDate,
    historyPaused: true,
  })
  tributary.startWorker()
})

afterEach(() => tributary.close())

async function sync(): Promise<Job> {
  tributary.clock.add({ minutes: 1 })
  return tributary.sync(ada, 'example', days)
}

/** The bytes of the answers that a job kept of a stream. */
async function bytesOf(job: string, stream: string): Promise<number> {
  const [row] = await tributary.database.query<{ bytes: number }>(
    `select sum(body_bytes)::integer as bytes from tributary.fetches f join tributary.raw_pages p on p.fetch_id = f.id
     join tributary.raw_bodies b on b.user_id = p.user_id and b.hash = p.hash where job_id = $1 and stream = $2`,
    [job, stream],
  )
  return row?.bytes ?? 0
}

const none = { new: 0, changed: 0, unchanged: 0, removed: 0, setAside: 0, rejected: 0 }

test('a job tells by stream what it asked, received, read, wrote and left out', async () => {
  const first = await sync()
  expect(first).toMatchObject({ status: 'succeeded' })
  expect(first.streams).toEqual({
    parts: {
      ...none,
      requests: 2,
      pages: 2,
      read: 10,
      values: 10,
      new: 10,
      bytes: await bytesOf(first.id, 'parts'),
    },
    pages: {
      ...none,
      requests: 2,
      pages: 2,
      read: 10,
      values: 10,
      new: 10,
      bytes: await bytesOf(first.id, 'pages'),
    },
  })
  expect(first.streams['parts']?.bytes).toBeGreaterThan(200)
  expect(first.counts).toMatchObject({ requests: 4, pages: 4, read: 20, new: 20 })

  said.set('one 2026-11-02', 'no number')
  said.set('one 2026-11-03', 5)
  said.set('one 2026-11-04', 6)
  said.set('one 2026-11-08', 'gone')
  said.set('two 2026-11-01', 'gone')
  const second = await sync()
  expect(second.streams).toMatchObject({
    parts: { read: 9, new: 0, changed: 2, unchanged: 6, removed: 1, rejected: 1 },
    pages: { read: 9, new: 0, changed: 0, unchanged: 9, removed: 1, rejected: 0 },
  })
  expect(second.counts).toMatchObject({ changed: 2, unchanged: 15, removed: 2, rejected: 1 })

  said.delete('one 2026-11-08')
  expect((await sync()).streams).toMatchObject({
    parts: { new: 1, changed: 0, unchanged: 8 },
    pages: { new: 0, unchanged: 9 },
  })
})

test('what was asked in vain is counted too, over all attempts', async () => {
  const body = { why: 'not today' }
  tributary.lab.lab.faults.add({ source: 'example', path: /data/, times: 2, respond: { status: 500, body } })
  const tried = await sync()
  expect(tried).toMatchObject({ status: 'retrying', counts: { requests: 2, pages: 0, read: 0 } })
  tributary.clock.add({ minutes: 1 })
  await tributary.settled()
  const job = await tributary.engine.jobs.get(ada.user.id, tried.id)
  expect(job).toMatchObject({ status: 'succeeded', counts: { requests: 6, pages: 4, read: 20, new: 20 } })
  expect(job.counts.bytes).toBe(
    (await bytesOf(job.id, 'parts')) +
      (await bytesOf(job.id, 'pages')) +
      2 * Buffer.byteLength(JSON.stringify(body)),
  )
})

test('an answer that is not believed at once is counted as asked and read, and as nothing written', async () => {
  await sync()
  for (let date = days.startDate; date <= days.endDate; date = addDays(date, 1))
    said.set(`two ${date}`, 'gone')
  expect((await sync()).streams).toMatchObject({
    parts: { requests: 2, pages: 2, read: 10, unchanged: 10, removed: 0 },
    pages: { requests: 4, pages: 4, read: 0, unchanged: 0, removed: 10 },
  })
})
