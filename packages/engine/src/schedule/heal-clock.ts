import { type RawBuilder, sql } from 'kysely'
import { longestBlockSeconds } from '../accounts/attempts.ts'
import { sessionAge } from '../accounts/sign-in.ts'
import { validDays } from '../accounts/sign-up-links.ts'
import { clampWait } from '@tributary/plugin-sdk'
import type { Database } from '../database/database.ts'
import { scheduledStates } from './choose-due.ts'
import { isWaiting } from '../jobs/job-states.ts'

/** Clocks of several processes differ by less than this. */
const toleranceSeconds = 3600

/**
 * Takes back moments that lie further ahead than anything sets them: the clock stood ahead and was set right. Otherwise
 * nothing would be imported, asked or tried until then. Returns how many there were, and what kept some from it.
 */
export async function healClock(
  database: Database,
  now: Temporal.Instant,
): Promise<{ healed: number; faults: unknown[] }> {
  const moment = sql`${now.toString()}::timestamptz`
  const after = (seconds: number) => sql`${moment} + make_interval(secs => ${seconds + toleranceSeconds})`
  const statements: RawBuilder<unknown>[] = [
    sql`update user_integrations set next_sync_at = next_sync_after(id, ${moment})
      where enabled and state in (${scheduledStates}) and next_sync_at > ${after(3600)}`,
    sql`update import_jobs set run_after = ${moment}
      where ${isWaiting} and run_after > ${after(clampWait(Infinity))}`,
    sql`delete from request_tickets where at > ${after(0)}`,
    sql`update failed_attempts set free_at = least(free_at, ${moment} + make_interval(secs => ${longestBlockSeconds})), last_at = ${moment}
      where last_at > ${after(0)}`,
    sql`update sessions set created_at = least(created_at, ${moment}), updated_at = least(updated_at, ${moment}),
        expires_at = ${moment} + make_interval(secs => ${sessionAge.idle})
      where isfinite(expires_at) and expires_at > ${after(sessionAge.idle)}`,
    sql`update sign_up_links set expires_at = ${moment} + make_interval(days => ${validDays})
      where expires_at > ${after(validDays * 86_400)}`,
    sql`delete from schedule_slots where slot_at > ${after(0)}`,
  ]
  let healed = 0n
  const faults: unknown[] = []
  for (const statement of statements) {
    try {
      const { numAffectedRows = 0n } = await database.asSystem((db) => statement.execute(db))
      healed += numAffectedRows
    } catch (error) {
      faults.push(error)
    }
  }
  return { healed: Number(healed), faults }
}
