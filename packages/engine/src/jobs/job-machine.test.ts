import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { plugins } from '@tributary/plugins'
import type { SignedIn } from '../contract/engine.ts'
import { type Database, openDatabase } from '../database/database.ts'
import type { ImportJob } from '../database/schema.ts'
import { type JobEvent, jobMachine } from '../domain/job-machine.ts'
import type { JobStatus } from '../domain/states.ts'
import { createRegistry, type Registry } from '../sources/registry.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'
import { cancelJobs } from './cancel-jobs.ts'
import { claimJob, releaseJob, releaseLostJobs } from './claim-job.ts'
import { close, type Ending, notBegun } from './close-job.ts'
import { AttemptLost } from './fence.ts'
import { requestImport } from './request-import.ts'
import { restartJobs } from './restart-jobs.ts'

let tributary: TestEngine
let database: Database
let registry: Registry
let ada: SignedIn
let connection: { id: string; user_id: string; source_id: string }

beforeAll(async () => {
  tributary = await createTestEngine({ plugins })
  database = openDatabase({ url: tributary.database.url })
  registry = await createRegistry(
    plugins.map((plugin) => ({ plugin, file: 'a test' })),
    { values: async () => ({}), fetch: () => fetch },
  )
  ada = await tributary.addUser('ada@example.org')
  await tributary.connect(ada, 'fitbit')
  const [row] = await tributary.database.query<{ id: string }>('select id from tributary.user_integrations')
  connection = { id: row?.id ?? '', user_id: ada.user.id, source_id: 'fitbit' }
})

afterAll(async () => {
  await database.close()
  await tributary.close()
})

const day = '2026-11-10'
const now = () => tributary.clock.now()
const asAda = <Result>(work: Parameters<Database['asUser']>[1]) =>
  database.asUser(ada.user.id, work) as Promise<Result>

async function closeWith(job: ImportJob, ending: Partial<Ending>): Promise<void> {
  await close({ database, clock: tributary.clock, registry }, job, { ...notBegun, ...ending }).catch(
    (error: unknown) => {
      if (!(error instanceof AttemptLost)) throw error
    },
  )
}

/** The function of the engine that makes each event happen. */
const happen: Record<JobEvent, (job: ImportJob) => Promise<unknown>> = {
  joined: () =>
    asAda((db) =>
      requestImport(db, { connection, trigger: 'manual', selection: 'days', from: day, to: day, now: now() }),
    ),
  claimed: () => claimJob(database, now(), { seconds: 30 }),
  released: (job) => releaseJob(database, job),
  restarted: () => asAda((db) => restartJobs(db, ada.user.id)),
  crashed: () => releaseLostJobs(database, now()),
  'crashed-often': () => releaseLostJobs(database, now()),
  limited: (job) => closeWith(job, { code: 'rate-limited', failed: 1 }),
  'failed-for-now': (job) => closeWith(job, { code: 'unavailable', failed: 1 }),
  succeeded: (job) => closeWith(job, { covered: 1 }),
  'partly-succeeded': (job) => closeWith(job, { covered: 1, failed: 1 }),
  failed: (job) => closeWith(job, { failed: 1 }),
  cancelled: ({ id }) => asAda((db) => cancelJobs(db, { id }, 'No reason.', now())),
}

async function insertJob(status: JobStatus, event: JobEvent): Promise<ImportJob> {
  await tributary.database.query('delete from tributary.import_jobs')
  const crashes = event === 'crashed-often' ? 9 : 0
  return asAda(async (db) => {
    const { rows } = await sql<ImportJob>`
      insert into import_jobs (user_id, connection_id, source_id, trigger, from_day, to_day, status, priority, attempt,
        run_after, lease_until, worker_crashes)
      values (${ada.user.id}, ${connection.id}, 'fitbit', 'manual', ${day}, ${day}, ${status}, 10, 1,
        ${now().toString()}, clock_timestamp() - interval '1 second', ${crashes})
      returning *`.execute(db)
    return rows[0]
  })
}

const events = Object.keys(happen) as JobEvent[]
const combinations = (Object.keys(jobMachine) as JobStatus[]).flatMap((status) =>
  events.map((event) => [status, event, jobMachine[status][event] ?? status] as const),
)

test.each(combinations)('a job that is %s is, after %s, %s', async (status, event, expected) => {
  const job = await insertJob(status, event)
  await happen[event](job)
  const [found] = await tributary.database.query<{ status: JobStatus }>(
    'select status from tributary.import_jobs where id = $1',
    [job.id],
  )
  expect(found?.status).toBe(expected)
})
