import type { Transaction } from '../database/database.ts'
import type { ImportJob } from '../database/schema.ts'
import { addCounts, type JobCounts, noCounts } from '../domain/job-counts.ts'
import { notifyJobs } from './notify-jobs.ts'

/** What was sent and received for each stream since the counts were last written. */
export type Traffic = Map<string, Pick<JobCounts, 'requests' | 'bytes'>>

/** Adds to the job's counts by stream what was done and asked since the last time. */
export async function writeCounts(
  db: Transaction,
  { job, traffic }: { job: ImportJob; traffic: Traffic },
  counts: Map<string, JobCounts>,
): Promise<void> {
  const next = { ...job.counts }
  const since = new Map(traffic)
  traffic.clear()
  for (const stream of new Set([...counts.keys(), ...since.keys()])) {
    const added = addCounts(counts.get(stream) ?? noCounts, { ...noCounts, ...since.get(stream) })
    next[stream] = addCounts(next[stream] ?? noCounts, added)
  }
  await db
    .updateTable('import_jobs')
    .set({ counts: JSON.stringify(next), waits: 0, worker_crashes: 0 })
    .where('id', '=', job.id)
    .execute()
  await notifyJobs(db, [job])
  job.counts = next
}
