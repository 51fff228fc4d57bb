import { sql } from 'kysely'
import type { Database } from '../database/database.ts'
import { leaseEnd, leaseEnded, renewLease } from '../database/leases.ts'
import type { ImportJob } from '../database/schema.ts'
import { waitingStates } from '../domain/job-machine.ts'
import { listStates } from './job-states.ts'
import { moveJobs } from './move-jobs.ts'

/** A running job whose worker has not renewed its lease for this long is another's to finish. */
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
  // The look at running jobs is no anti-join, which a planner without statistics does for the whole queue at once.
  const next = sql`
    select next.id from import_jobs as next
    where next.status in (${listStates(waitingStates)}) and next.run_after <= ${now.toString()}::timestamptz
      and (select other.id from import_jobs as other
        where other.connection_id = next.connection_id and other.status = 'running') is null
    order by next.priority, next.run_after limit 1 for update skip locked`
  try {
    const [job] = await database.asSystem((db) =>
      moveJobs(db, 'claimed', {
        where: sql`id = (${next})`,
        change: {
          attempt: sql`attempt + 1`,
          lease_until: leaseEnd(lease.seconds),
          started_at: sql`coalesce(started_at, ${now.toString()}::timestamptz)`,
        },
      }),
    )
    return job
  } catch (error) {
    // Two workers chose two jobs of one connection at the same moment; the index let one through, and the other looks again.
    if ((error as { constraint?: string }).constraint === 'one_running_job_per_connection')
      return claimJob(database, now, lease)
    throw error
  }
}

/** Renews the lease of a running job. `false`: the job is no longer this worker's. */
export function renewJobLease(
  database: Database,
  { id, attempt }: ImportJob,
  { seconds }: Lease,
): Promise<boolean> {
  return renewLease(
    database,
    { table: 'import_jobs', seconds },
    sql`id = ${id} and attempt = ${attempt} and status = 'running'`,
  )
}

/** Releases a job whose worker is told to end, so that another goes on with it at once. What ended meanwhile stays ended. */
export async function releaseJob(database: Database, { id, attempt }: ImportJob): Promise<void> {
  await database.asSystem((db) =>
    moveJobs(db, 'released', {
      where: sql`id = ${id} and attempt = ${attempt}`,
      change: { lease_until: null },
      due: true,
    }),
  )
}

/** From so many worker crashes in a row on, a job waits before its next attempt, a minute and then twice as long each time. */
const crashesAtOnce = 10
const longestWaitSeconds = 3600

/**
 * Queues jobs whose worker died, and says how many. No number of worker crashes ends a job: a process that was killed and one
 * that its job took down leave the same behind (docs/decisions/0024). A job whose workers die again and again is tried once an
 * hour, and its reason says so. A row that a frozen process has locked is left for the next time: the others must not wait for it.
 */
export async function releaseLostJobs(database: Database, now: Temporal.Instant): Promise<number> {
  const lostIf = (condition: string) => sql`id in (
    select id from import_jobs where status = 'running' and ${leaseEnded} and worker_crashes + 1 ${sql.raw(condition)} ${crashesAtOnce}
    for update skip locked)`
  const change = { lease_until: null, worker_crashes: sql`worker_crashes + 1` }
  return database.asSystem(async (db) => {
    const queued = await moveJobs(db, 'crashed', { where: lostIf('<'), change })
    const postponed = await moveJobs(db, 'crashed-often', {
      where: lostIf('>='),
      change: {
        ...change,
        reason: sql`'Tributary stopped ' || worker_crashes + 1 || ' times while this import ran. It is tried again; an admin finds the cause in the log.'`,
        problem: 'failed-here',
        run_after: sql`${now.toString()}::timestamptz + make_interval(secs =>
          least(60 * 2 ^ least(worker_crashes + 1 - ${crashesAtOnce}, 10), ${longestWaitSeconds}))`,
      },
    })
    return queued.length + postponed.length
  })
}
