import { sql } from 'kysely'
import type { JobOf } from '../contract/engine.ts'
import type { JobStatus, JobTrigger } from '../domain/states.ts'

/** The columns of a joined job `j`, all `null` where it is gone. */
export const jobColumns = sql`j.id as job_id, j.trigger as job_trigger, j.status as job_status,
  j.reason as job_reason, j.created_at as job_created_at, j.finished_at as job_finished_at`

export interface JobRow {
  job_id: string | null
  job_trigger: JobTrigger
  job_status: JobStatus
  job_reason: string | null
  job_created_at: Temporal.Instant
  job_finished_at: Temporal.Instant | null
}

export function toJobOf(row: JobRow): JobOf | null {
  if (row.job_id === null) return null
  return {
    id: row.job_id,
    trigger: row.job_trigger,
    status: row.job_status,
    reason: row.job_reason,
    createdAt: row.job_created_at.toString(),
    finishedAt: row.job_finished_at?.toString() ?? null,
  }
}
