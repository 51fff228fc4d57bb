import { sql } from 'kysely'
import { type ConnectionOf, connectionsOf, readConnection } from '../connections/connection.ts'
import type { Database, Transaction } from '../database/database.ts'
import type { Job, JobList } from '../contract/engine.ts'
import { Problem } from '../domain/problem.ts'
import { addCounts, noCounts } from '../domain/job-counts.ts'
import { describeProblem } from '../domain/job-problems.ts'
import { endedStates, waitingStates } from '../domain/job-machine.ts'
import { isOpen, listStates } from './job-states.ts'
import { isUuid } from '../database/is-uuid.ts'
import type { JobStatus } from '../domain/states.ts'
import type { ImportJob } from '../database/schema.ts'

export function listJobs(
  database: Database,
  userId: string,
  { limit = 50, plugin, connection, before }: JobList,
): Promise<Job[]> {
  return database.asUser(userId, async (db) => {
    let query = db.selectFrom('import_jobs').selectAll().where('user_id', '=', userId)
    // By the connection, whose newest jobs an index has in order.
    if (plugin !== undefined) {
      const ids = await connectionIds(db, { userId, sourceId: plugin, connectionId: connection })
      const [id] = ids
      if (id === undefined) return []
      query =
        ids.length === 1 ? query.where('connection_id', '=', id) : query.where('connection_id', 'in', ids)
    }
    if (before !== undefined)
      query = query.where('created_at', '<', sql<Temporal.Instant>`${before}::timestamptz`)
    // With those of the same moment as the last, which the next page would leave out.
    const rows = await query.orderBy('created_at', 'desc').fetch(limit, 'with ties').execute()
    return rows.map(toJob)
  })
}

/** The ids of one connection, or of all connections of a source. */
async function connectionIds(db: Transaction, of: ConnectionOf): Promise<string[]> {
  const found =
    of.connectionId === undefined ? await connectionsOf(db, of).execute() : [await readConnection(db, of)]
  return found.flatMap((connection) => connection?.id ?? [])
}

export async function getJob(database: Database, userId: string, id: string): Promise<Job> {
  const job = isUuid(id) ? await readJob(database, userId, id.toLowerCase()) : undefined
  if (!job) throw new Problem(404, 'unknown-job', 'There is no such import job.')
  return job
}

/** A job, or `undefined` where it is gone. */
export async function readJob(database: Database, userId: string, id: string): Promise<Job | undefined> {
  const row = await database.asUser(userId, (db) =>
    db.selectFrom('import_jobs').selectAll().where('id', '=', id).executeTakeFirst(),
  )
  return row && toJob(row)
}

/** The ids of a user's jobs that have not ended. */
export async function listOpenJobs(database: Database, userId: string): Promise<string[]> {
  const rows = await database.asUser(userId, (db) =>
    db.selectFrom('import_jobs').select('id').where('user_id', '=', userId).where(isOpen).execute(),
  )
  return rows.map(({ id }) => id)
}

/** The job of each connection to show: the one at work, else the one that waits, else the last. */
export async function currentJobs(db: Transaction, userId: string): Promise<Map<string, Job>> {
  const { rows } = await currentJobsQuery(userId).execute(db)
  return new Map(rows.map((row) => [row.connection_id, toJob(row)]))
}

/** Reads one row of each state by its index, however many jobs a connection has had. */
export function currentJobsQuery(userId: string) {
  const one = (states: readonly JobStatus[], rank: number) => sql`
    (select *, ${sql.lit(rank)} as rank from import_jobs
     where connection_id = c.id and status in (${listStates(states)})
     order by priority, created_at desc limit 1)`
  return sql<ImportJob>`
    select j.* from user_integrations c, lateral (
      select * from (${one(['running'], 0)} union all ${one(waitingStates, 1)} union all ${one(endedStates, 2)}) as candidate
      order by rank limit 1) as j
    where c.user_id = ${userId}`
}

/** States in which a job says what its problem is. */
const troubledStates: readonly JobStatus[] = ['waiting', 'retrying', 'partial', 'failed']

export function toJob(row: ImportJob): Job {
  return {
    id: row.id,
    pluginId: row.source_id,
    connectionId: row.connection_id,
    trigger: row.trigger,
    status: row.status,
    reason: row.reason,
    ...(row.problem && troubledStates.includes(row.status)
      ? { problem: describeProblem(row.problem, row.reason) }
      : {}),
    from: row.from_day,
    to: row.to_day,
    counts: Object.values(row.counts).reduce(addCounts, noCounts),
    streams: row.counts,
    selectedStreams: row.streams,
    createdAt: row.created_at.toString(),
    startedAt: row.started_at?.toString() ?? null,
    finishedAt: row.finished_at?.toString() ?? null,
    continuesAt: row.status === 'waiting' || row.status === 'retrying' ? row.run_after.toString() : null,
  }
}
