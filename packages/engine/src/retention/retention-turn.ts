import { sql } from 'kysely'
import { localDay } from '../domain/clock.ts'
import type { Database } from '../database/database.ts'
import { claimLease, renewLease } from '../database/leases.ts'
import { repeat } from '../runtime/repeat.ts'

const leases = { table: 'retention_runs', seconds: 60 } as const

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
  const heart = repeat(
    (leases.seconds * 1000) / 3,
    () => renewLease(database, leases, sql`true`),
    onLeaseFault,
  )
  let isDone = false
  try {
    isDone = await work()
  } finally {
    void heart.stop()
    await endTurn(database, isDone ? day : undefined)
  }
  return true
}

async function claimDay(database: Database, day: string): Promise<boolean> {
  const candidates = sql`done_day is distinct from ${day}::date`
  const claimed = await database.asSystem((db) =>
    claimLease(db, leases, { key: 'only_row', candidates, returning: ['done_day'] }),
  )
  return claimed !== undefined
}

async function endTurn(database: Database, doneDay: string | undefined): Promise<void> {
  await database.asSystem((db) =>
    sql`update retention_runs set lease_until = null, done_day = coalesce(${doneDay ?? null}::date, done_day)`.execute(
      db,
    ),
  )
}
