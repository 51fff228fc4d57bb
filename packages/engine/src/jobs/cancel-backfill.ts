import type { Connection } from '../connections/connection.ts'
import type { Transaction } from '../database/database.ts'
import { cancelReasons } from './cancel-jobs.ts'
import { isWaiting } from './job-states.ts'
import { notifyJobs } from './notify-jobs.ts'

/** Cancels the jobs of a connection's history that wait; one that is running comes to its end. */
export async function cancelBackfill(
  db: Transaction,
  connection: Pick<Connection, 'id' | 'user_id'>,
  now: Temporal.Instant,
): Promise<void> {
  const cancelled = await db
    .updateTable('import_jobs')
    .set({ status: 'cancelled', reason: cancelReasons.historyPaused, finished_at: now.toString() })
    .where('connection_id', '=', connection.id)
    .where('selection', '=', 'never-fetched')
    .where(isWaiting)
    .returning(['id', 'user_id'])
    .execute()
  await notifyJobs(db, cancelled)
}
