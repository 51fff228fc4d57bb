import { sql } from 'kysely'
import { localDay } from '../domain/clock.ts'
import type { Database, Transaction } from '../database/database.ts'
import { chooseDue, mostDue } from './choose-due.ts'
import { waitingStates } from '../domain/job-machine.ts'
import { insertJobs } from '../jobs/insert-jobs.ts'
import { listStates } from '../jobs/job-states.ts'

export interface Taken {
  jobs: number
  /** There may be further connections that are due. */
  more: boolean
  /** What kept single connections from their imports. */
  faults: unknown[]
}

interface Due {
  id: string
  time_zone: string
}

/**
 * Takes the next connections that are due, a thousand at most: asks for the imports of those that may have one and sets
 * the next moment of all, in one transaction, so that any number of processes share the work. After a downtime of any
 * length a connection gets one job; one whose job for what is due still waits gets none. Where that fails each connection is
 * taken by itself, so that one that cannot be keeps no other from its imports.
 */
export async function claimDue(database: Database, now: Temporal.Instant): Promise<Taken> {
  let due: Due[] = []
  try {
    const jobs = await database.asSystem(async (db) => {
      due = (await sql<Due>`${chooseDue(now.toString())}`.execute(db)).rows
      return requestDue(db, due, now)
    })
    return { jobs, more: due.length === mostDue, faults: [] }
  } catch (error) {
    if (due.length === 0) throw error
  }
  let jobs = 0
  const faults: unknown[] = []
  for (const { id } of due) {
    try {
      jobs += await database.asSystem(async (db) => {
        const { rows } = await sql<Due>`${chooseDue(now.toString(), id)}`.execute(db)
        return requestDue(db, rows, now)
      })
    } catch (error) {
      faults.push(error)
      // Else it would be first again at once.
      await database.asSystem((db) => postpone(db, [id], now.toString()))
    }
  }
  return { jobs, more: due.length === mostDue, faults }
}

async function requestDue(db: Transaction, due: Due[], now: Temporal.Instant): Promise<number> {
  if (due.length === 0) return 0
  const moment = now.toString()
  const days = new Map(due.map(({ time_zone }) => [time_zone, dayIn(time_zone, now)]))
  const jobs = await insertJobs(
    db,
    sql`
      select c.user_id, c.id, c.source_id, 'schedule', 'due', null::text[], due.day - 6, due.day, c.next_sync_at, null::uuid
      from unnest(${due.map(({ id }) => id)}::uuid[], ${due.map(({ time_zone }) => days.get(time_zone))}::date[]) as due (id, day)
        join user_integrations c on c.id = due.id join users u on u.id = c.user_id
      where u.disabled_at is null and not exists (select from import_jobs j where j.connection_id = c.id
        and j.selection = 'due' and j.streams is null and j.status in (${listStates(waitingStates)}))`,
    now,
  )
  await postpone(
    db,
    due.map(({ id }) => id),
    moment,
  )
  return jobs.length
}

/** Sets the next moment of connections. */
async function postpone(db: Transaction, ids: string[], moment: string): Promise<void> {
  await sql`update user_integrations set next_sync_at = next_sync_after(id, ${moment}::timestamptz)
    where id = any(${ids}::uuid[])`.execute(db)
}

/** The local day; where the zone is unknown that of UTC, which its import corrects. */
function dayIn(zone: string, now: Temporal.Instant): string {
  try {
    return localDay(now, zone)
  } catch {
    return localDay(now, 'UTC')
  }
}
