export type ConnectionState =
  'connected' | 'retrying' | 'needs-reauthorization' | 'misconfigured' | 'paused' | 'retired' | 'disconnected'

export type JobStatus =
  'queued' | 'running' | 'waiting' | 'retrying' | 'succeeded' | 'partial' | 'failed' | 'cancelled'

export type JobTrigger = 'connect' | 'manual' | 'schedule' | 'history' | 'view' | 'upload' | 'push'

/** What a job asks of each stream: exactly its days, what is due when it runs, or those of its days never asked for. */
export type JobSelection = 'days' | 'due' | 'never-fetched'

export type CoverageState = 'has-data' | 'had-none' | 'not-due-yet' | 'failed'
