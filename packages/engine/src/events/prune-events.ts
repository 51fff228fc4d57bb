import { sql } from 'kysely'
import type { Database } from '../database/database.ts'

/** A reader that falls further behind reads the stored values and jobs instead. */
const storedDays = 30
const batch = 2_000

/** Removes a user's old events, in batches. */
export async function pruneEvents(
  database: Database,
  userId: string,
  now: Temporal.Instant,
  isStopped: () => boolean = () => false,
): Promise<void> {
  const before = now.subtract({ hours: 24 * storedDays }).toString()
  let removed = BigInt(batch)
  while (removed === BigInt(batch) && !isStopped()) {
    const { numAffectedRows = 0n } = await database.asUser(userId, (db) =>
      sql`delete from events where user_id = ${userId} and id in (
        select id from events where user_id = ${userId} and created_at < ${before}::timestamptz
        order by transaction_id limit ${batch})`.execute(db),
    )
    removed = numAffectedRows
  }
}
