import type { DayState } from './explanation.ts'
import type { Job } from './jobs.ts'
import type { JobCounts } from '../domain/job-counts.ts'

/** Days, first and last included, `YYYY-MM-DD`. */
export interface Days {
  from: string
  to: string
}

/** What is known of a source's days. */
export interface Coverage {
  plugin: string
  from: string
  to: string
  streams: StreamCoverage[]
}

export interface StreamCoverage {
  id: string
  name: string
  enabled: boolean
  granted: boolean
  /** By state, oldest first. A day that lies in none lies before the history that is requested, or in the future. */
  days: Record<DayState, Days[]>
}

/** What a stream has. */
export interface StreamSummary {
  id: string
  name: string
  enabled: boolean
  granted: boolean
  /** The first and last day with data; `null`: there is none. */
  first: string | null
  last: string | null
  /** The newest job that did something for it. */
  lastJob: (Pick<Job, 'id' | 'trigger' | 'status' | 'createdAt'> & { counts: JobCounts }) | null
}
