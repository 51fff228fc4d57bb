import type { JobStatus, JobTrigger } from '../domain/states.ts'
import type { JobCounts } from '../domain/job-counts.ts'
import type { JobProblem } from '../domain/job-problems.ts'

export type { JobProblem, ProblemOwner } from '../domain/job-problems.ts'

export interface Job {
  id: string
  pluginId: string
  connectionId: string
  trigger: JobTrigger
  status: JobStatus
  /** One sentence for every job that ended other than `succeeded`, and for one that waits. */
  reason: string | null
  /** Left out where nothing keeps it from succeeding. */
  problem?: JobProblem
  /** First and last day, `YYYY-MM-DD`. */
  from: string
  to: string
  /** Of all streams together. */
  counts: JobCounts
  /** By stream, as far as the job has come; `file` for an upload. */
  streams: Record<string, JobCounts>
  /** The streams that it fetches; `null`: all that are switched on. */
  selectedStreams: string[] | null
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
  /** Only those of one connection of that source, by its id. */
  connection?: string | undefined
  /** Only those that were asked for before this moment, ISO 8601. */
  before?: string | undefined
}

export interface RejectionList {
  /** At most so many; default 50. */
  limit?: number | undefined
  /** Only those after this place: the `next` of the list before. */
  after?: string | undefined
}

/** A record, or one value of it, that a job did not store. */
export interface JobRejection {
  /** `unreadable`: the record is not as expected; `implausible`: the value is physically impossible. */
  code: 'unreadable' | 'implausible'
  /** One sentence. */
  reason: string
  /** The id of the stream; `file` for an upload. */
  stream: string
  /** Where in a file it stands, such as `line 12`. */
  path?: string
  /** The answer that it came with, counted from 0; `null`: not known. */
  page: number | null
  /** What was mapped, as far as it is known. */
  record: unknown
}

export interface Jobs {
  /** The newest first. */
  list(userId: string, options?: JobList): Promise<Job[]>
  /** Throws `Problem` 404 `unknown-job`. */
  get(userId: string, id: string): Promise<Job>
  /**
   * What a job rejected, in the order in which it was written; the first thousand of each code and window are stored. Throws
   * `Problem` 404 `unknown-job`.
   */
  rejections(
    userId: string,
    id: string,
    options?: RejectionList,
  ): Promise<{ rejections: JobRejection[]; next: string | null }>
}
