import { plugins } from '@tributary/plugins'
import pg from 'pg'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'

let tributary: TestEngine
/** What a process that was frozen in the middle of a transaction has locked. */
let frozen: pg.Client

beforeEach(async () => {
  tributary = await createTestEngine({ plugins })
  frozen = new pg.Client({ connectionString: tributary.database.url })
  await frozen.connect()
})

afterEach(async () => {
  await frozen.end()
  await tributary.close()
})

/** Makes a job of a user's own that a worker claimed and no longer works at. */
async function loseJob(email: string): Promise<string> {
  const user = await tributary.addUser(email)
  await tributary.connect(user, 'fitbit')
  const [job] = await tributary.database.query<{ id: string }>(
    `update tributary.import_jobs set status = 'running', attempt = 1, lease_until = clock_timestamp() - interval '1 hour'
     where user_id = $1 returning id`,
    [user.user.id],
  )
  return job!.id
}

const statusOf = async (id: string) => {
  const [job] = await tributary.database.query<{ status: string }>(
    'select status from tributary.import_jobs where id = $1',
    [id],
  )
  return job?.status
}

/** How many sessions wait for a lock. */
async function waiting(): Promise<number> {
  const rows = await tributary.database.query(
    `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
  )
  return rows.length
}

test('the jobs of other workers are given back while a frozen one has its job locked', async () => {
  const locked = await loseJob('ada@example.org')
  const other = await loseJob('ben@example.org')
  await frozen.query('begin')
  await frozen.query('select from tributary.import_jobs where id = $1 for update', [locked])
  tributary.startWorker({ sweepMs: 20 })
  await expect.poll(() => statusOf(other)).toBe('succeeded')
  expect(await waiting()).toBe(0)
  expect(await statusOf(locked)).toBe('running')
  await frozen.query('rollback')
  await expect.poll(() => statusOf(locked)).toBe('succeeded')
})
