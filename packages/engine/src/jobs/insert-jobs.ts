import { type RawBuilder, sql } from 'kysely'
import type { Transaction } from '../database/database.ts'
import type { JobTrigger } from '../domain/states.ts'
import { publishJobs } from './publish-jobs.ts'

/** Lower goes first: what a person waits for, then what is new, then what is old. */
const priorities: Record<JobTrigger, number> = {
  manual: 10,
  connect: 10,
  upload: 10,
  push: 10,
  view: 20,
  schedule: 30,
  history: 40,
}

/** The priority of a trigger, as an expression of the column or value that names it. */
export const priorityOf = (trigger: RawBuilder<unknown>) =>
  sql`(case ${trigger} ${sql.join(
    Object.entries(priorities).map(
      ([name, priority]) => sql`when ${sql.lit(name)} then ${sql.lit(priority)}`,
    ),
    sql` `,
  )} end)`

/**
 * Inserts the jobs that a query gives, whose columns are user_id, connection_id, source_id, trigger, selection, streams,
 * from_day, to_day, run_after and upload_id. Returns those that were inserted. Nothing else inserts jobs. It publishes nothing:
 * of a thousand jobs that the schedule inserts at once each is published when it is claimed.
 */
export async function insertJobs(
  db: Transaction,
  jobs: RawBuilder<unknown>,
  now: Temporal.Instant,
): Promise<{ id: string; user_id: string }[]> {
  const { rows } = await sql<{ id: string; user_id: string }>`
    insert into import_jobs (user_id, connection_id, source_id, trigger, selection, streams, from_day, to_day, run_after,
      upload_id, priority, created_at)
    select job.*, ${priorityOf(sql`job.trigger`)}, ${now.toString()}::timestamptz
    from (${jobs}) as job (user_id, connection_id, source_id, trigger, selection, streams, from_day, to_day, run_after, upload_id)
    returning id, user_id`.execute(db)
  return rows
}

/** `insertJobs` for one job, which is published and wakes a worker. Returns its id. */
export async function insertJob(
  db: Transaction,
  job: RawBuilder<unknown>,
  now: Temporal.Instant,
): Promise<string> {
  const [inserted] = await insertJobs(db, job, now)
  if (!inserted) throw new Error('no job was inserted')
  await publishJobs(db, [{ ...inserted, status: 'queued' }], { due: true })
  return inserted.id
}
