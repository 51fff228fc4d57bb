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
  /** When it goes on by itself, while it is `waiting` or `retrying`. */
  continuesAt: string | null
}

export interface JobList {
  /** Default 50. */
  limit?: number | undefined
  /** Only those of one source. */
  plugin?: string | undefined
  /** Only those that were asked for before this moment, ISO 8601. */
  before?: string | undefined
}

export interface Jobs {
  /** The newest first. */
  list(userId: string, options?: JobList): Promise<Job[]>
  /** Throws `Problem` 404 `unknown-job`. */
  get(userId: string, id: string): Promise<Job>
  /**
   * Tells of jobs as they change, at first of those that have not ended, until the function that it gives is called. Throws
   * `Problem` 429 where the user watches from too many places.
   */
  watch(userId: string, watcher: JobWatcher): () => void
}

export interface JobWatcher {
  /** The next change is told when this one is done. */
  changed(job: Job): Promise<void>
  /** Nothing more is told. */
  ended(): void
}
