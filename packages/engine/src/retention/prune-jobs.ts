import { sql } from 'kysely'
import type { Database } from '../database/database.ts'

/** Jobs that have ended are kept so long, and this many of each connection, whichever is less. */
const keptDays = 90
const keptJobs = 2_000
/** The newest of each connection are kept however old they are. */
const alwaysKept = 200
const batch = 2_000

/**
 * Removes a user's old jobs that have ended, in batches. What they brought stays: fetches and values only forget which job
 * it was. Jobs of uploads stay as long as their upload.
 */
export async function pruneJobs(database: Database, userId: string, now: Temporal.Instant): Promise<void> {
  const before = now.subtract({ hours: 24 * keptDays }).toString()
  const connections = await database.asUser(userId, (db) =>
    db.selectFrom('user_integrations').select('id').where('user_id', '=', userId).execute(),
  )
  for (const { id } of connections) {
    for (;;) {
      const removed = await database.asUser(userId, async (db) => {
        const { numAffectedRows = 0n } = await sql`
          delete from import_jobs where id in (
            select id from import_jobs
            where connection_id = ${id} and status in ('succeeded', 'partial', 'failed', 'cancelled') and upload_id is null
              and created_at < greatest(
                (select created_at from import_jobs where connection_id = ${id} order by created_at desc offset ${keptJobs} limit 1),
                least(${before}::timestamptz,
                  (select created_at from import_jobs where connection_id = ${id} order by created_at desc offset ${alwaysKept} limit 1)))
            order by created_at limit ${batch} for update skip locked)`.execute(db)
        return numAffectedRows
      })
      if (removed === 0n) break
    }
  }
}
