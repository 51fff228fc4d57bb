import type { Job, JobRejection } from '@tributary/api'

export type { Job, JobProblem, JobRejection, ProblemOwner } from '@tributary/api'

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
