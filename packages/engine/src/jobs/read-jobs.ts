import type { Database, Transaction } from '../database/database.ts'
import type { Job } from '../engine.ts'
import { Problem } from '../problem.ts'
import type { ImportJob } from './claim-job.ts'
import { addCounts, noCounts } from './job-counts.ts'
import { isUuid } from '../database/is-uuid.ts'

export function listJobs(database: Database, userId: string, limit: number): Promise<Job[]> {
  return database.asUser(userId, async (db) => {
    const rows = await db
      .selectFrom('import_jobs')
      .selectAll()
      .where('user_id', '=', userId)
      .orderBy('created_at', 'desc')
      .limit(limit)
      .execute()
    return rows.map(toJob)
  })
}

export async function getJob(database: Database, userId: string, id: string): Promise<Job> {
  const row = isUuid(id)
    ? await database.asUser(userId, (db) =>
        db.selectFrom('import_jobs').selectAll().where('id', '=', id.toLowerCase()).executeTakeFirst(),
      )
    : undefined
  if (!row) throw new Problem(404, 'unknown-job', 'There is no such import job.')
  return toJob(row)
}

/** The job of each connection to show: the one at work, else the one that waits, else the last. */
export async function currentJobs(db: Transaction, userId: string): Promise<Map<string, Job>> {
  const rows = await db
    .selectFrom('import_jobs')
    .selectAll()
    .distinctOn('connection_id')
    .where('user_id', '=', userId)
    .orderBy('connection_id')
    .orderBy((order) =>
      order
        .case()
        .when('status', '=', 'running')
        .then(0)
        .when('status', 'in', ['queued', 'waiting', 'retrying'])
        .then(1)
        .else(2)
        .end(),
    )
    .orderBy('priority')
    .orderBy('created_at', 'desc')
    .execute()
  return new Map(rows.map((row) => [row.connection_id, toJob(row)]))
}

export function toJob(row: ImportJob): Job {
  return {
    id: row.id,
    pluginId: row.source_id,
    trigger: row.trigger,
    status: row.status,
    reason: row.reason,
    from: row.from_day,
    to: row.to_day,
    counts: Object.values(row.counts).reduce(addCounts, noCounts),
    streams: row.counts,
    createdAt: row.created_at.toString(),
    startedAt: row.started_at?.toString() ?? null,
    finishedAt: row.finished_at?.toString() ?? null,
  }
}
