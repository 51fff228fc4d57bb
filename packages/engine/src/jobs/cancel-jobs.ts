import type { Transaction } from '../database/database.ts'
import { openStates } from './job-states.ts'
import { notifyJobs } from './notify-jobs.ts'

/** Cancels the jobs of a connection or an upload that have not ended; what runs writes nothing more. */
export async function cancelJobs(
  db: Transaction,
  of: { connection_id: string } | { upload_id: string },
  reason: string,
  now: Temporal.Instant,
): Promise<void> {
  const [[column = 'connection_id', id = ''] = []] = Object.entries(of)
  const cancelled = await db
    .updateTable('import_jobs')
    .set({ status: 'cancelled', reason, finished_at: now.toString() })
    .where(column as 'connection_id' | 'upload_id', '=', id)
    .where('status', 'in', openStates)
    .returning(['id', 'user_id'])
    .execute()
  await notifyJobs(db, cancelled)
}
