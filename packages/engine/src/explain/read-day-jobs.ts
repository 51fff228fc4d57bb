import { sql } from 'kysely'
import type { Transaction } from '../database/database.ts'
import type { DayOf } from './day-of.ts'

/** Of the imports that a day lies in: whether one is on its way, and why the last one that failed did. */
export async function readDayJobs(
  db: Transaction,
  { userId, sourceId, day }: DayOf,
): Promise<{ underway: boolean; failure: string | null }> {
  const { rows } = await sql<{ underway: boolean; failure: string | null }>`
    select coalesce(bool_or(status in ('queued', 'running', 'waiting', 'retrying')), false) as underway,
      (array_agg(reason order by coalesce(finished_at, created_at) desc)
        filter (where reason is not null and status in ('failed', 'partial', 'retrying', 'waiting')))[1] as failure
    from import_jobs
    where user_id = ${userId} and source_id = ${sourceId} and ${day} between from_day and to_day`.execute(db)
  return rows[0] ?? { underway: false, failure: null }
}
