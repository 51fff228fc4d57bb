import type { Transaction } from '../database/database.ts'
import { isOpen } from './job-states.ts'
import { notifyJobs } from './notify-jobs.ts'

/** What a cancelled job says. */
export const cancelReasons = {
  switchedOff: 'The connection was switched off.',
  historyPaused: 'You paused the history.',
}

/** Cancels a job, or those of a connection or an upload, that have not ended; what runs writes nothing more. */
export async function cancelJobs(
  db: Transaction,
  of: { id: string } | { connection_id: string } | { upload_id: string },
  reason: string,
  now: Temporal.Instant,
): Promise<void> {
  const [[column = 'id', id = ''] = []] = Object.entries(of)
  const cancelled = await db
    .updateTable('import_jobs')
    .set({ status: 'cancelled', reason, finished_at: now.toString() })
    .where(column as 'id' | 'connection_id' | 'upload_id', '=', id)
    .where(isOpen)
    .returning(['id', 'user_id'])
    .execute()
  await notifyJobs(db, cancelled)
}
