import { sql } from 'kysely'
import type { Database } from '../database/database.ts'
import { endedStates } from '../domain/job-machine.ts'
import { listStates } from './job-states.ts'

/** Jobs that have ended are kept so long, and this many of each connection, whichever is less. */
const keptDays = 90
const keptJobs = 2_000
/** The newest of each connection are kept however old they are. */
const alwaysKept = 200
const batch = 2_000

/**
 * Removes a user's old jobs that have ended, in batches. What they brought stays: fetches and values only forget which job
 * it was. Jobs of uploads stay as long as their upload. Throws an `AggregateError` at the end where connections failed.
 */
export async function pruneJobs(
  database: Database,
  userId: string,
  now: Temporal.Instant,
  isStopped: () => boolean = () => false,
): Promise<void> {
  const before = now.subtract({ hours: 24 * keptDays }).toString()
  const connections = await database.asUser(userId, (db) =>
    db.selectFrom('user_integrations').select('id').where('user_id', '=', userId).execute(),
  )
  const faults: unknown[] = []
  for (const { id } of connections) {
    try {
      while (!isStopped() && (await pruneBatch(database, userId, id, before)) > 0n);
    } catch (error) {
      faults.push(error)
    }
  }
  if (faults.length > 0)
    throw new AggregateError(
      faults,
      `Jobs of ${faults.length} connections were not pruned: ${String(faults[0])}`,
    )
}

async function pruneBatch(
  database: Database,
  userId: string,
  connectionId: string,
  before: string,
): Promise<bigint> {
  return database.asUser(userId, async (db) => {
    const { numAffectedRows = 0n } = await sql`
          delete from import_jobs where id in (
            select id from import_jobs
            where connection_id = ${connectionId} and status in (${listStates(endedStates)}) and upload_id is null
              and created_at < greatest(
                (select created_at from import_jobs where connection_id = ${connectionId} order by created_at desc offset ${keptJobs} limit 1),
                least(${before}::timestamptz,
                  (select created_at from import_jobs where connection_id = ${connectionId} order by created_at desc offset ${alwaysKept} limit 1)))
            order by created_at limit ${batch} for update skip locked)`.execute(db)
    return numAffectedRows
  })
}
