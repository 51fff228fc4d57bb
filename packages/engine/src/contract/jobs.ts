import type { JobCounts, JobStatus, JobTrigger } from '../database/schema.ts'

export interface Job {
  id: string
  pluginId: string
  trigger: JobTrigger
  status: JobStatus
  /** One sentence for every job that ended other than `succeeded`, and for one that waits. */
  reason: string | null
  /** First and last day, `YYYY-MM-DD`. */
  from: string
  to: string
  /** Of all streams together. */
  counts: JobCounts
  /** By stream, as far as the job has come; `file` for an upload. */
  streams: Record<string, JobCounts>
  createdAt: string
  startedAt: string | null
  finishedAt: string | null
}

export interface Jobs {
  /** The newest first. */
  list(userId: string, options?: { limit?: number }): Promise<Job[]>
  /** Throws `Problem` 404 `unknown-job`. */
  get(userId: string, id: string): Promise<Job>
}
