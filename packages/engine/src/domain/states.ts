export type { ConnectionState, CoverageState, JobStatus, JobTrigger } from '@tributary/api'

/** What a job asks of each stream: exactly its days, what is due when it runs, or those of its days never asked for. */
export type JobSelection = 'days' | 'due' | 'never-fetched'
