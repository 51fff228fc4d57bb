import type { Database } from '../database/database.ts'
import type { Schedule } from '../engine.ts'
import { slotMinutes, slotOf } from './run-schedule.ts'

const shownSlots = 24

/** When the schedule ran and runs next. */
export async function readSchedule(database: Database, now: Temporal.Instant): Promise<Schedule> {
  return database.asSystem(async (db) => {
    const slots = await db
      .selectFrom('schedule_slots')
      .selectAll()
      .orderBy('slot_at', 'desc')
      .limit(shownSlots)
      .execute()
    const { count } = await db
      .selectFrom('user_integrations')
      .select(({ fn }) => fn.count<string>('id').as('count'))
      .where('enabled', '=', true)
      .where('state', 'in', ['connected', 'retrying'])
      .executeTakeFirstOrThrow()
    return {
      nextAt: slotOf(now).add({ minutes: slotMinutes }).toString(),
      slots: slots.map(({ slot_at, ran_at, jobs }) => ({
        at: slot_at.toString(),
        ranAt: ran_at.toString(),
        jobs,
      })),
      connections: Number(count),
    }
  })
}
