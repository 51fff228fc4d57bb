import { plugins } from '@tributary/plugins'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDatabase, type Database } from '../database/database.ts'
import type { Engine, SignedIn } from '../contract/engine.ts'
import { healClock } from '../schedule/heal-clock.ts'
import { runSchedule } from '../schedule/run-schedule.ts'
import { ageDatabase } from '../testing/age-database.ts'
import { rowsReadBy } from '../testing/rows-read-by.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'
import { claimJob, releaseLostJobs } from './claim-job.ts'

let tributary: TestEngine
let ada: SignedIn

beforeAll(async () => {
  tributary = await createTestEngine({ plugins })
  ada = await tributary.addUser('ada@example.org', 'admin')
  for (const source of ['fitbit', 'google-fit', 'google-health']) await tributary.connect(ada, source)
  await tributary.database.query('delete from tributary.import_jobs')
  // A history of years would be imported by the last test.
  await tributary.database.query('update tributary.user_integrations set history_paused = true')
  const now = tributary.clock.now().toString()
  await ageDatabase(tributary.database, {
    userId: ada.user.id,
    now,
    connections: 40,
    jobs: 20_000,
    fetches: 5_000,
  })
})

afterAll(() => tributary.close())

/** What grows with the years, and how much of it each question may read: jobs and fetches are listed by the fifty. */
const growing = ['import_jobs', 'fetches', 'raw_pages', 'raw_bodies']
const most = 500

const week = { from: '2026-11-14', to: '2026-11-20' }

async function newestJob(): Promise<{ id: string; created_at: string }> {
  const [job] = await tributary.database.query<{ id: string; created_at: string }>(
    'select id, created_at::text from tributary.import_jobs where user_id = $1 order by created_at desc limit 1',
    [ada.user.id],
  )
  if (!job) throw new Error('there is no job')
  return job
}

const questions: [string, (engine: Engine, userId: string) => Promise<unknown>][] = [
  ['all sources', ({ plugins: sources }, user) => sources.list(user)],
  ['one source', ({ plugins: sources }, user) => sources.get(user, 'fitbit')],
  ['streams of a source', ({ plugins: sources }, user) => sources.streams(user, 'fitbit')],
  ['coverage of a source', ({ plugins: sources }, user) => sources.coverage(user, 'fitbit', week)],
  ['daily values', ({ metrics }, user) => metrics.daily(user, week)],
  [
    'a value of this week',
    ({ metrics }, user) => metrics.explain(user, { metric: 'fitbit.steps', date: week.to }),
  ],
  ['a look at a day', ({ metrics }, user) => metrics.look(user, '2025-11-20')],
  ['all jobs', ({ jobs }, user) => jobs.list(user)],
  ['jobs of a source', ({ jobs }, user) => jobs.list(user, { plugin: 'fitbit' })],
  ['jobs of a source without any', ({ jobs }, user) => jobs.list(user, { plugin: 'csv' })],
  ['a job', async ({ jobs }, user) => jobs.get(user, (await newestJob()).id)],
  ['rejections of a job', async ({ jobs }, user) => jobs.rejections(user, (await newestJob()).id)],
  ['the last remap', ({ remaps }, user) => remaps.get(user, 'fitbit')],
  ['uploads', ({ uploads }, user) => uploads.list(user, 'csv')],
  [
    'a source switched off',
    ({ plugins: sources }, user) => sources.change(user, 'fitbit', { enabled: false }),
  ],
  ['a source switched on', ({ plugins: sources }, user) => sources.change(user, 'fitbit', { enabled: true })],
]

async function growingRows(work: () => Promise<unknown>): Promise<number> {
  const read = await rowsReadBy(tributary.database, work)
  return growing.reduce((sum, table) => sum + (read[table] ?? 0), 0)
}

test.each(questions)('with 20,000 jobs and 5,000 fetches few rows are read for %s', async (_, ask) => {
  const other = await createTestEngine({ plugins, beside: tributary })
  const read = await growingRows(async () => {
    await ask(other.engine, ada.user.id)
    await other.close()
  })
  expect(read).toBeLessThan(most)
})

const now = () => tributary.clock.now()

test.each<[string, (database: Database) => Promise<unknown>]>([
  ['claim', (database) => claimJob(database, now(), { seconds: 60 })],
  ['search for lost jobs', (database) => releaseLostJobs(database, now())],
  ['schedule', (database) => runSchedule(database, now())],
  ['search for moments ahead', (database) => healClock(database, now())],
])('with 20,000 jobs and 5,000 fetches few rows are read by the %s', async (_, work) => {
  const database = openDatabase({ url: tributary.database.url })
  const read = await growingRows(async () => {
    await work(database)
    await database.close()
  })
  expect(read).toBeLessThan(most)
})

test('with 20,000 jobs an import reads few of them', async () => {
  await tributary.database.query('delete from tributary.import_jobs where finished_at is null')
  const other = await createTestEngine({ plugins, beside: tributary })
  const read = await rowsReadBy(tributary.database, async () => {
    const worker = other.engine.startWorker()
    const { id } = await other.engine.plugins.sync(ada.user.id, 'google-fit', {})
    const status = async () => (await other.engine.jobs.get(ada.user.id, id)).status
    await expect.poll(status).toBe('succeeded')
    await worker.stop()
    await other.close()
  })
  expect(read.import_jobs).toBeLessThan(most)
})
