import { sql } from 'kysely'
import type { Database } from '../database/database.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'

/** Every hour the last seven days of every enabled connection. */
export const slotMinutes = 60
/** Over how many seconds of the hour the connections of one slot are spread. */
const spreadSeconds = 55 * 60
const keptSlots = 24 * 30

/** The beginning of the slot that an instant lies in. */
export function slotOf(instant: Temporal.Instant): Temporal.Instant {
  const length = slotMinutes * 60_000
  return Temporal.Instant.fromEpochMilliseconds(Math.floor(instant.epochMilliseconds / length) * length)
}

/**
 * Serves the slot of now, if no process served it before: one statement decides who. Each connection gets its own moment
 * within the hour, the same in every hour. A connection whose last scheduled job still waits gets no second one.
 */
export async function runSchedule(database: Database, now: Temporal.Instant): Promise<number | undefined> {
  const slot = slotOf(now).toString()
  return database.asSystem(async (db) => {
    const mine = await db
      .insertInto('schedule_slots')
      .values({ slot_at: slot, ran_at: now.toString(), jobs: 0 })
      .onConflict((conflict) => conflict.column('slot_at').doNothing())
      .returning('slot_at')
      .executeTakeFirst()
    if (!mine) return undefined
    const { numAffectedRows } = await sql`
      insert into import_jobs (user_id, connection_id, source_id, trigger, from_day, to_day, priority, run_after, created_at)
      select c.user_id, c.id, c.source_id, 'schedule', today.day - 6, today.day, 30,
        ${slot}::timestamptz + make_interval(secs => mod(hashtext(c.id::text)::bigint + 2147483648, ${spreadSeconds})),
        ${now.toString()}
      from user_integrations c join users u on u.id = c.user_id,
        lateral (select (${slot}::timestamptz at time zone u.time_zone)::date as day) as today
      where c.enabled and c.state in ('connected', 'retrying') and u.disabled_at is null
        and exists (select from source_fields f where f.source_id = c.source_id and f.stream is not null)
        and not exists (select from import_jobs j where j.connection_id = c.id and j.trigger = 'schedule'
          and j.status in ('queued', 'waiting', 'retrying'))`.execute(db)
    await sql`delete from oauth_flows where expires_at < ${now.toString()}::timestamptz`.execute(db)
    const jobs = Number(numAffectedRows ?? 0)
    await db.updateTable('schedule_slots').set({ jobs }).where('slot_at', '=', mine.slot_at).execute()
    await sql`delete from schedule_slots where slot_at < ${slot}::timestamptz - make_interval(hours => ${keptSlots})`.execute(
      db,
    )
    return jobs
  })
}

const lookEveryMs = 15_000

export interface Scheduler {
  stop(): Promise<void>
}

/** Looks a few times a minute whether a slot is to be served, until it is stopped. */
export function startScheduler(database: Database, clock: Clock, log: Log): Scheduler {
  let looking = Promise.resolve()
  function look(): void {
    looking = looking
      .then(() => runSchedule(database, clock.now()))
      .then(
        (jobs) => jobs !== undefined && log.info({ jobs }, 'a slot of the schedule was served'),
        (err: unknown) => log.warn({ err }, 'the schedule could not be looked at'),
      )
      .then(() => {})
  }
  const timer = setInterval(look, lookEveryMs)
  look()
  return {
    async stop() {
      clearInterval(timer)
      await looking
    },
  }
}
