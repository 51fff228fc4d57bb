import { sql } from 'kysely'
import type { Transaction } from '../database/database.ts'
import type { ImportJob } from '../database/schema.ts'
import { addCounts, type JobCounts, noCounts } from '../domain/job-counts.ts'
import { notifying } from '../database/notifications.ts'
import { progressOf } from './publish-jobs.ts'

/** Adds to the job's counts by stream what was done since they were last written. */
export async function writeCounts(
  db: Transaction,
  job: ImportJob,
  counts: ReadonlyMap<string, JobCounts>,
): Promise<void> {
  const next = { ...job.counts }
  for (const [stream, added] of counts) next[stream] = addCounts(next[stream] ?? noCounts, added)
  // In one statement, because each window costs one.
  await sql`
    with written as (
      update import_jobs set counts = ${JSON.stringify(next)}, waits = 0, worker_crashes = 0 where id = ${job.id}
    )
    ${notifying([progressOf(job)])}`.execute(db)
  job.counts = next
}
