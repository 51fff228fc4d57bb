import { plugins } from '@tributary/plugins'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { SignedIn } from '../contract/engine.ts'
import { type Database, openDatabase } from '../database/database.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'
import { type ImportRequest, requestImport } from './request-import.ts'

let tributary: TestEngine
let ada: SignedIn
let database: Database
let connection: ImportRequest['connection']

beforeAll(async () => {
  tributary = await createTestEngine({ plugins })
  database = openDatabase({ url: tributary.database.url })
  ada = await tributary.addUser('ada@example.org')
  await tributary.connect(ada, 'fitbit')
  await work()
  const [row] = await tributary.database.query<{ id: string }>('select id from tributary.user_integrations')
  connection = { id: row?.id ?? '', user_id: ada.user.id, source_id: 'fitbit' }
})

afterAll(async () => {
  await database.close()
  await tributary.close()
})

beforeEach(() => tributary.database.query('delete from tributary.import_jobs'))

/** Works on all jobs, and on none that is requested later. */
async function work(): Promise<void> {
  const worker = tributary.startWorker()
  await tributary.settled()
  await worker.stop()
}

const request = (from: string, to: string, more: Partial<ImportRequest> = {}) =>
  database.asUser(ada.user.id, (db) =>
    requestImport(db, {
      connection,
      trigger: 'manual',
      selection: 'days',
      from,
      to,
      now: tributary.clock.now(),
      ...more,
    }),
  )

const streams = (...names: string[]) => ({ streams: names })

test('a job fetches the streams that it names, and no other', async () => {
  const id = await request('2026-11-10', '2026-11-11', streams('sleep'))
  await work()
  const fetched = await tributary.database.query<{ stream: string }>(
    'select distinct stream from tributary.fetches where job_id = $1',
    [id],
  )
  expect(fetched).toEqual([{ stream: 'sleep' }])
  const job = await tributary.engine.jobs.get(ada.user.id, id)
  expect(job).toMatchObject({ status: 'succeeded', selectedStreams: ['sleep'] })
})

test('a request joins a waiting job of the same streams, in whatever order they are named, and widens it', async () => {
  const id = await request('2026-11-10', '2026-11-11', streams('sleep', 'activity'))
  expect(await request('2026-11-12', '2026-11-12', streams('activity', 'sleep', 'sleep'))).toBe(id)
  const job = await tributary.engine.jobs.get(ada.user.id, id)
  expect(job).toMatchObject({ from: '2026-11-10', to: '2026-11-12', selectedStreams: ['activity', 'sleep'] })
})

test('a request joins a job of more streams whose days include its own, and never widens one', async () => {
  const all = await request('2026-11-10', '2026-11-15')
  expect(await request('2026-11-12', '2026-11-13', streams('sleep'))).toBe(all)
  expect(await request('2026-11-15', '2026-11-16', streams('sleep'))).not.toBe(all)
})

test('a request for more streams than a waiting job has is a job of its own', async () => {
  const sleep = await request('2026-11-10', '2026-11-15', streams('sleep'))
  expect(await request('2026-11-11', '2026-11-12')).not.toBe(sleep)
  expect(await request('2026-11-11', '2026-11-12', streams('activity'))).not.toBe(sleep)
})

test('a request for what is due joins a job for what is due of at least its streams', async () => {
  const due = { selection: 'due', trigger: 'schedule' } as const
  const sleep = await request('2026-11-10', '2026-11-16', { ...due, ...streams('sleep') })
  expect(await request('2026-11-01', '2026-11-07', { ...due, ...streams('sleep') })).toBe(sleep)
  const all = await request('2026-11-10', '2026-11-16', due)
  expect(all).not.toBe(sleep)
  expect(await request('2026-11-10', '2026-11-16', { ...due, ...streams('activity') })).toBe(all)
})

test('a viewed day fetches only the streams that were never fetched for it', async () => {
  await tributary.database.query(
    `update tributary.coverage set days = days - datemultirange(daterange('2026-11-10', '2026-11-11')) where stream = 'sleep'`,
  )
  expect(await tributary.engine.metrics.look(ada.user.id, '2026-11-10')).toEqual(['fitbit'])
  const [job] = await tributary.engine.jobs.list(ada.user.id)
  expect(job).toMatchObject({ trigger: 'view', selectedStreams: ['sleep'] })
})
