import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import type { Database } from '../database/database.ts'
import type { Parts } from '../parts.ts'
import { pruneAnswers } from '../retention/prune-answers.ts'
import { repeat } from '../repeat.ts'
import { takeDue } from './take-due.ts'

const keptHours = 24 * 30

/** Asks for the imports of every connection that is due, and says how many there were. */
export async function runSchedule(database: Database, now: Temporal.Instant): Promise<number> {
  let sum = 0
  for (;;) {
    const { jobs, more } = await takeDue(database, now)
    sum += jobs
    if (!more) break
  }
  await database.asSystem(async (db) => {
    await sql`delete from oauth_flows where expires_at < ${now.toString()}::timestamptz`.execute(db)
    await sql`delete from schedule_slots
      where slot_at < ${now.toString()}::timestamptz - make_interval(hours => ${keptHours})`.execute(db)
  })
  return sum
}

const lookEveryMs = 15_000
const usualGraceMs = 8_000

export interface Scheduler {
  /** Resolves when what is under way has ended, and after `graceMs` anyway. */
  stop(graceMs?: number): Promise<void>
}

/** Looks a few times a minute which connections are due, and once a day which answers can go, until it is stopped. */
export function startScheduler(parts: Parts): Scheduler {
  const { database, clock, log } = parts
  async function look(): Promise<void> {
    const jobs = await runSchedule(database, clock.now())
    if (jobs > 0) log.info({ jobs }, 'the schedule asked for imports')
  }
  const schedule = repeat(
    lookEveryMs,
    look,
    (err) => log.warn({ err }, 'the schedule could not be looked at'),
    { atOnce: true },
  )
  const pruning = repeat(
    lookEveryMs,
    () => pruneAnswers(parts, clock.now()),
    (err) => log.warn({ err }, 'raw answers that nothing needs could not be removed'),
    { atOnce: true },
  )
  return {
    async stop(graceMs = usualGraceMs) {
      const ended = Promise.all([schedule.stop(), pruning.stop()])
      await Promise.race([ended, pause(graceMs, undefined, { ref: false })])
    },
  }
}
