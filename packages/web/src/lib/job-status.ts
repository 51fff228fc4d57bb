import type { JobStatus } from '@tributary/engine'

/** Whether nothing more will happen in a job of this status. */
export function isFinished(status: JobStatus): boolean {
  return status === 'succeeded' || status === 'partial' || status === 'failed' || status === 'cancelled'
}
