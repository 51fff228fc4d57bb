import { plugins } from '@tributary/plugins'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Database, openDatabase } from '../database/database.ts'
import type { SignedIn } from '../contract/engine.ts'
import { currentJobsQuery } from './read-jobs.ts'
import { rowsRead } from '../testing/rows-read.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'
import { pruneJobs } from './prune-jobs.ts'

let tributary: TestEngine
let database: Database
let ada: SignedIn

beforeEach(async () => {
  tributary = await createTestEngine({ plugins })
  database = openDatabase({ url: tributary.database.url })
  ada = await tributary.addUser('ada@example.org')
  await tributary.connect(ada, 'fitbit')
  await tributary.database.query('delete from tributary.import_jobs')
})

afterEach(async () => {
  await database.close()
  await tributary.close()
})

/** Adds jobs that have ended, one an hour back from now. */
async function addJobs(count: number, hoursApart: number): Promise<void> {
  await tributary.database.query(
    `insert into tributary.import_jobs (user_id, connection_id, source_id, trigger, from_day, to_day, status, priority, run_after, created_at)
     select c.user_id, c.id, c.source_id, 'schedule', '2026-01-01', '2026-01-07', 'succeeded', 30, at, at
     from tributary.user_integrations c, generate_series(1, $1::integer) as n,
       lateral (select $2::timestamptz - make_interval(hours => n * $3::integer) as at) as moment`,
    [count, tributary.clock.now().toString(), hoursApart],
  )
}

const kept = async () => {
  const [row] = await tributary.database.query<{ jobs: number; oldest: string }>(
    `select count(*)::integer as jobs, extract(day from $1::timestamptz - min(created_at))::integer as oldest from tributary.import_jobs`,
    [tributary.clock.now().toString()],
  )
  return row
}

test.each([
  ['older than 90 days', 400, 24, { jobs: 201, oldest: 201 }],
  ['beyond the newest 2000 of a connection', 5000, 1, { jobs: 2001, oldest: 83 }],
])('of jobs that have ended those %s are removed', async (_, count, hoursApart, left) => {
  await addJobs(count, hoursApart)
  await pruneJobs(database, ada.user.id, tributary.clock.now())
  expect(await kept()).toEqual(left)
})

test('the job to show of each source is read by index, however many there were', async () => {
  await addJobs(20_000, 1)
  await tributary.database.query('analyze tributary.import_jobs')
  const read = await database.asUser(ada.user.id, (db) => rowsRead(db, currentJobsQuery(ada.user.id)))
  expect(read).toBeLessThan(10)
})
