import { sql } from 'kysely'
import type { Transaction } from '../database/database.ts'
import { moveJobs } from './move-jobs.ts'

/** Has the running imports of a user start again: what they have under way was made with settings of before and is not written. */
export async function restartJobs(db: Transaction, userId: string): Promise<void> {
  await moveJobs(db, 'restarted', {
    where: sql`user_id = ${userId}::uuid`,
    change: { lease_until: null },
    due: true,
  })
}
