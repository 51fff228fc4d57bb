import { sql } from 'kysely'
import type { Transaction } from '../database/database.ts'
import { isOpen } from '../jobs/job-states.ts'
import type { DayOf } from './day-of.ts'

/** Of the imports that a day lies in: whether one is on its way, and why the last one that failed did. */
export async function readDayJobs(
  db: Transaction,
  { userId, sourceId, day }: DayOf,
): Promise<{ underway: boolean; failure: string | null }> {
  const { rows } = await sql<{ underway: boolean; failure: string | null }>`
    with mine as (
      select id from user_integrations where user_id = ${userId} and source_id = ${sourceId}
    ), open as (
      select status, reason, created_at as at from import_jobs
      where connection_id in (select id from mine) and ${isOpen} and ${day} between from_day and to_day
    ), troubled as (
      select reason, coalesce(finished_at, created_at) as at from import_jobs
      where connection_id in (select id from mine) and status in ('partial', 'failed') and ${day} between from_day and to_day
      union all
      select reason, at from open where status in ('retrying', 'waiting')
    )
    select exists (select from open) as underway,
      (select reason from troubled where reason is not null order by at desc limit 1) as failure`.execute(db)
  return rows[0] ?? { underway: false, failure: null }
}
