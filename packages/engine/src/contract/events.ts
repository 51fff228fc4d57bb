import type { Job, JobStatus, ValuesChanged } from '@tributary/api'

export type { ChangedDays, ValuesChanged } from '@tributary/api'

/** What the outbox tells of, by kind. */
export interface EventPayloads {
  'values-changed': ValuesChanged
  /** A job began, ended or changed its state in another way; how far it has come is no event. */
  'job-changed': { jobId: string; status: JobStatus }
  /** A connection stopped working until its user or an admin does something. */
  'connection-needs-attention': {
    connectionId: string
    pluginId: string
    state: 'needs-reauthorization' | 'misconfigured'
    reason: string | null
  }
}

/** Who is notified of what changes for a user. The next call is made when the one before is done. */
export interface Watcher {
  /** A job changed its state or has come further. */
  jobChanged(job: Job): Promise<void>
  valuesChanged(changes: ValuesChanged): Promise<void>
  /** Everything up to this place in the outbox was passed on; who watches again `after` it misses nothing. */
  reached(cursor: string): Promise<void>
  /** No other call is made. */
  ended(): void
}

export interface Events {
  /**
   * Notifies of what changes for a user until the function that it resolves with is called: of everything after a cursor that a
   * watcher reached (else from the moment on in which it resolves), and at first of the jobs that have not ended. What was
   * passed on may come again. Throws `Problem` 429 where the user watches from too many places.
   */
  watch(userId: string, watcher: Watcher, after?: string): Promise<() => void>
}
