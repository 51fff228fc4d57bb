import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import type { Database, Transaction } from '../database/database.ts'
import type { Parts } from '../parts.ts'
import { pruneAnswers } from '../retention/prune-answers.ts'
import { sweepExpired } from '../retention/sweep-expired.ts'
import { repeat } from '../runtime/repeat.ts'
import { sweepUploads } from '../uploads/sweep-uploads.ts'
import { healClock } from './heal-clock.ts'
import { claimDue } from './claim-due.ts'

const keptHours = 24 * 30

/** Asks for the imports of every connection that is due, and returns how many there were and what kept some from theirs. */
export async function runSchedule(
  database: Database,
  now: Temporal.Instant,
): Promise<{ jobs: number; faults: unknown[] }> {
  let jobs = 0
  const faults: unknown[] = []
  for (;;) {
    const taken = await claimDue(database, now)
    jobs += taken.jobs
    faults.push(...taken.faults)
    if (!taken.more) break
  }
  await database.asSystem((db) => noteSlot(db, now.toString(), jobs))
  return { jobs, faults }
}

/** Counts the jobs of an hour, for admins to see; not with the jobs, or all processes would wait for one row. */
async function noteSlot(db: Transaction, moment: string, jobs: number): Promise<void> {
  await sql`insert into schedule_slots as s (slot_at, ran_at, jobs)
    values (date_trunc('hour', ${moment}::timestamptz, 'UTC'), ${moment}, ${jobs})
    on conflict (slot_at) do update set jobs = s.jobs + excluded.jobs where excluded.jobs > 0`.execute(db)
  await sql`delete from schedule_slots
    where slot_at < ${moment}::timestamptz - make_interval(hours => ${keptHours})`.execute(db)
}

const lookEveryMs = 15_000
const sweepEveryMs = 60_000
const usualGraceMs = 8_000

export interface Scheduler {
  /** Resolves when what is under way has ended, and after `graceMs` anyway. */
  stop(graceMs?: number): Promise<void>
}

/** Looks a few times a minute which connections are due, and once a day which answers can go, until it is stopped. */
export function startScheduler(parts: Parts): Scheduler {
  const { database, clock, log } = parts
  let stopped = false
  async function look(): Promise<void> {
    const clockCheck = await healClock(database, clock.now())
    if (clockCheck.healed > 0)
      log.warn({ healed: clockCheck.healed }, 'the clock stood ahead; moments that it set were taken back')
    for (const err of clockCheck.faults)
      log.error({ err }, 'moments that a clock ahead had set could not be taken back')
    const { jobs, faults } = await runSchedule(database, clock.now())
    if (jobs > 0) log.info({ jobs }, 'the schedule asked for imports')
    for (const err of faults) log.error({ err }, 'the schedule could not ask for the imports of a connection')
  }
  const schedule = repeat(
    lookEveryMs,
    look,
    (err) => log.warn({ err }, 'the schedule could not be looked at'),
    { atOnce: true },
  )
  const pruning = repeat(
    lookEveryMs,
    () => pruneAnswers(parts, clock.now(), () => stopped),
    (err) => log.warn({ err }, 'data that nothing needs any more could not be removed'),
    { atOnce: true },
  )
  const sweep = repeat(
    sweepEveryMs,
    () => sweepExpired(database, clock.now()),
    (err) => log.warn({ err }, 'what has expired could not be removed'),
    { atOnce: true },
  )
  const uploads = repeat(
    sweepEveryMs,
    () => sweepUploads(parts, clock.now()),
    (err) => log.warn({ err }, 'uploads that broke off could not be removed'),
    { atOnce: true },
  )
  return {
    async stop(graceMs = usualGraceMs) {
      stopped = true
      const ended = Promise.all([schedule.stop(), pruning.stop(), sweep.stop(), uploads.stop()])
      await Promise.race([ended, pause(graceMs, undefined, { ref: false })])
    },
  }
}
