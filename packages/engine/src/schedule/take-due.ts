import { sql } from 'kysely'
import type { Database } from '../database/database.ts'
import { chooseDue, mostDue } from './choose-due.ts'

/**
 * Takes the next connections that are due, a thousand at most: asks for the imports of those that may have one and sets
 * the next moment of all, in one statement, so that any number of processes share the work. After a downtime of any
 * length a connection gets one job; one whose job for what is due still waits gets none.
 */
export async function takeDue(
  database: Database,
  now: Temporal.Instant,
): Promise<{ jobs: number; more: boolean }> {
  const moment = now.toString()
  return database.asSystem(async (db) => {
    const { rows } = await sql<{ due: number; jobs: number }>`
      with due as (${chooseDue(moment)}), moved as (
        update user_integrations c set next_sync_at = next_sync_after(c.id, ${moment}::timestamptz)
        from due where c.id = due.id
      ), made as (
        insert into import_jobs (user_id, connection_id, source_id, trigger, asks, from_day, to_day, priority, run_after, created_at)
        select due.user_id, due.id, due.source_id, 'schedule', 'due', today.day - 6, today.day, 30, due.next_sync_at, ${moment}
        from due join users u on u.id = due.user_id,
          lateral (select (${moment}::timestamptz at time zone u.time_zone)::date as day) as today
        where u.disabled_at is null and not exists (select from import_jobs j where j.connection_id = due.id
          and j.asks = 'due' and j.status in ('queued', 'waiting', 'retrying'))
        returning id
      )
      select (select count(*)::integer from due) as due, (select count(*)::integer from made) as jobs`.execute(
      db,
    )
    const { due = 0, jobs = 0 } = rows[0] ?? {}
    await sql`insert into schedule_slots as s (slot_at, ran_at, jobs)
      values (date_trunc('hour', ${moment}::timestamptz, 'UTC'), ${moment}, ${jobs})
      on conflict (slot_at) do update set jobs = s.jobs + excluded.jobs where excluded.jobs > 0`.execute(db)
    return { jobs, more: due === mostDue }
  })
}
