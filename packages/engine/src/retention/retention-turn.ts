import { sql } from 'kysely'
import { localDay } from '../domain/clock.ts'
import type { Database } from '../database/database.ts'
import { leaseEnded } from '../jobs/claim-job.ts'
import { repeat } from '../runtime/repeat.ts'

const leaseSeconds = 60

/**
 * Does the day's pruning in one process at a time. `work` returns whether it came to its end: only then the day is done, so
 * that another process continues where one was stopped or killed. Returns whether it was this process's turn.
 */
export async function takeTurn(
  database: Database,
  now: Temporal.Instant,
  work: () => Promise<boolean>,
  onLeaseFault: (error: unknown) => void,
): Promise<boolean> {
  const day = localDay(now, 'UTC')
  if (!(await claimDay(database, day))) return false
  const heart = repeat((leaseSeconds * 1000) / 3, () => renewLease(database), onLeaseFault)
  let isDone = false
  try {
    isDone = await work()
  } finally {
    void heart.stop()
    await endTurn(database, isDone ? day : undefined)
  }
  return true
}

const leaseEnd = sql`clock_timestamp() + make_interval(secs => ${leaseSeconds})`

async function claimDay(database: Database, day: string): Promise<boolean> {
  const { numAffectedRows = 0n } = await database.asSystem((db) =>
    sql`update retention_runs set lease_until = ${leaseEnd}
      where done_day is distinct from ${day}::date and (lease_until is null or ${leaseEnded})`.execute(db),
  )
  return numAffectedRows > 0n
}

async function renewLease(database: Database): Promise<void> {
  await database.asSystem((db) =>
    sql`update retention_runs set lease_until = ${leaseEnd} where lease_until is not null`.execute(db),
  )
}

async function endTurn(database: Database, doneDay: string | undefined): Promise<void> {
  await database.asSystem((db) =>
    sql`update retention_runs set lease_until = null, done_day = coalesce(${doneDay ?? null}::date, done_day)`.execute(
      db,
    ),
  )
}
