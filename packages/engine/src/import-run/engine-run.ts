import type { ImportRun } from '@tributary/plugin-sdk'
import type { JobCounts } from '../domain/job-counts.ts'
import type { Ending } from '../jobs/close-job.ts'

/** A run with what its job needs to be closed, also after the run broke off. */
export type EngineRun = ImportRun & {
  readonly ending: Ending
  /** What was done for windows that were not committed, by stream. */
  readonly uncommitted: Map<string, JobCounts>
}

/** A run that cannot go on for any window. */
export class RunEnded extends Error {}
