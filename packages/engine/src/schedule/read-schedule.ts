import { sql } from 'kysely'
import type { Database } from '../database/database.ts'
import type { Schedule } from '../contract/engine.ts'
import { scheduledStates } from './choose-due.ts'

const shownSlots = 24

/** What the schedule asked for in the last hours, and when it asks next. */
export async function readSchedule(database: Database, now: Temporal.Instant): Promise<Schedule> {
  return database.asSystem(async (db) => {
    const slots = await db
      .selectFrom('schedule_slots')
      .selectAll()
      .orderBy('slot_at', 'desc')
      .limit(shownSlots)
      .execute()
    const moment = sql`${now.toString()}::timestamptz`
    const { rows } = await sql<{ count: number; next: Temporal.Instant }>`
      select count(*)::integer as count, greatest(${moment},
        coalesce(min(next_sync_at), date_trunc('hour', ${moment}, 'UTC') + interval '1 hour')) as next
      from user_integrations
      where enabled and state in (${scheduledStates}) and next_sync_at is not null`.execute(db)
    return {
      nextAt: (rows[0]?.next ?? now).toString(),
      slots: slots.map(({ slot_at, ran_at, jobs }) => ({
        at: slot_at.toString(),
        ranAt: ran_at.toString(),
        jobs,
      })),
      connections: rows[0]?.count ?? 0,
    }
  })
}
