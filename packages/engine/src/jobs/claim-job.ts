import { sql } from 'kysely'
import type { Database } from '../database/database.ts'
import type { ImportJob } from '../database/schema.ts'
import { waitingStates } from './job-states.ts'
import { notifyJobs } from './notify-jobs.ts'

/** A running job whose worker has not said for this long that it lives is another's to finish. */
export interface Lease {
  seconds: number
}

/**
 * Claims the next job for this worker: by priority, then age, at most one of a connection at a time. The attempt number
 * that it gets fences its results: an earlier attempt that is still alive can write nothing more.
 */
export async function claimJob(
  database: Database,
  now: Temporal.Instant,
  lease: Lease,
): Promise<ImportJob | undefined> {
  try {
    return await database.asSystem(async (db) => {
      const job = await db
        .updateTable('import_jobs')
        .set({
          status: 'running',
          attempt: sql`attempt + 1`,
          lease_until: sql`clock_timestamp() + make_interval(secs => ${lease.seconds})`,
          started_at: sql`coalesce(started_at, ${now.toString()}::timestamptz)`,
        })
        .where('id', '=', (query) =>
          query
            .selectFrom('import_jobs as next')
            .select('next.id')
            .where('next.status', 'in', waitingStates)
            .where('next.run_after', '<=', sql<Temporal.Instant>`${now.toString()}::timestamptz`)
            // Not as an anti-join, which a planner without statistics does for the whole queue at once.
            .where(
              ({ selectFrom }) =>
                selectFrom('import_jobs as other')
                  .select('other.id')
                  .whereRef('other.connection_id', '=', 'next.connection_id')
                  .where('other.status', '=', 'running'),
              'is',
              null,
            )
            .orderBy('next.priority')
            .orderBy('next.run_after')
            .limit(1)
            .forUpdate()
            .skipLocked(),
        )
        .returningAll()
        .executeTakeFirst()
      if (job) await notifyJobs(db, [job])
      return job
    })
  } catch (error) {
    // Two workers chose two jobs of one connection at the same moment; the index let one through, and the other looks again.
    if ((error as { constraint?: string }).constraint === 'one_running_job_per_connection')
      return claimJob(database, now, lease)
    throw error
  }
}

/** Says that the worker of a job lives; `false`: the job is no longer its own. */
export async function renewLease(database: Database, job: ImportJob, lease: Lease): Promise<boolean> {
  const { numUpdatedRows } = await database.asSystem((db) =>
    db
      .updateTable('import_jobs')
      .set({ lease_until: sql`clock_timestamp() + make_interval(secs => ${lease.seconds})` })
      .where('id', '=', job.id)
      .where('attempt', '=', job.attempt)
      .where('status', '=', 'running')
      .executeTakeFirst(),
  )
  return numUpdatedRows > 0n
}

/** Also one that ends later than any worker asks for: the clock was set back. Its worker, if it lives, renews it by the right one. */
export const leaseEnded = sql`lease_until < clock_timestamp() or lease_until > clock_timestamp() + interval '10 minutes'`

/** Gives a job back whose worker is told to end, so that another goes on with it at once. What ended meanwhile stays ended. */
export async function releaseJob(database: Database, { id, attempt }: ImportJob): Promise<void> {
  await database.asSystem(async (db) => {
    const given = await db
      .updateTable('import_jobs')
      .set({ status: 'queued', lease_until: null })
      .where('id', '=', id)
      .where('attempt', '=', attempt)
      .where('status', '=', 'running')
      .returning(['id', 'user_id'])
      .execute()
    await notifyJobs(db, given, { due: true })
  })
}

/** From so many worker crashes in a row on, a job waits before its next attempt, a minute and then twice as long each time. */
const crashesAtOnce = 10
const longestWaitSeconds = 3600

/**
 * Queues jobs whose worker died, and says how many. No number of worker crashes ends a job: a process that was killed and one that
 * its job took down leave the same behind (docs/decisions/0026). A job whose workers die again and again is tried once an hour,
 * and its reason says so. A row that a frozen process has locked is left for the next time: the others must not wait for it.
 */
export async function releaseLostJobs(database: Database, now: Temporal.Instant): Promise<number> {
  const isAtOnce = sql`worker_crashes + 1 < ${crashesAtOnce}`
  return database.asSystem(async (db) => {
    const { rows } = await sql<{ id: string; user_id: string }>`
      update import_jobs set lease_until = null, worker_crashes = worker_crashes + 1,
        status = case when ${isAtOnce} then 'queued' else 'retrying' end,
        reason = case when ${isAtOnce} then reason
          else 'Tributary stopped ' || worker_crashes + 1 || ' times while this import ran. It is tried again; an admin finds the cause in the log.' end,
        problem = case when ${isAtOnce} then problem else 'failed-here' end,
        run_after = case when ${isAtOnce} then run_after
          else ${now.toString()}::timestamptz + make_interval(secs =>
            least(60 * 2 ^ least(worker_crashes + 1 - ${crashesAtOnce}, 10), ${longestWaitSeconds})) end
      where id in (select id from import_jobs where status = 'running' and (${leaseEnded})
        for update skip locked)
      returning id, user_id`.execute(db)
    await notifyJobs(db, rows)
    return rows.length
  })
}
