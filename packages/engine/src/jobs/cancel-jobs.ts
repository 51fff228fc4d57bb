import { type RawBuilder, sql } from 'kysely'
import type { Connection } from '../connections/connection.ts'
import type { Transaction } from '../database/database.ts'
import { isWaiting } from './job-states.ts'
import { moveJobs } from './move-jobs.ts'

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
  await cancel(db, sql`${sql.ref(column)} = ${id}::uuid`, reason, now)
}

/** Cancels the jobs of a connection's backfill that wait; one that is running comes to its end. */
export async function cancelBackfill(
  db: Transaction,
  { id }: Pick<Connection, 'id'>,
  now: Temporal.Instant,
): Promise<void> {
  const where = sql`connection_id = ${id}::uuid and selection = 'never-fetched' and ${isWaiting}`
  await cancel(db, where, cancelReasons.historyPaused, now)
}

async function cancel(
  db: Transaction,
  where: RawBuilder<unknown>,
  reason: string,
  now: Temporal.Instant,
): Promise<void> {
  await moveJobs(db, 'cancelled', { where, change: { reason, finished_at: now.toString() } })
}
