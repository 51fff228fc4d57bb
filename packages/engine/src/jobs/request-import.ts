import { sql } from 'kysely'
import { addDays } from '../domain/clock.ts'
import type { Transaction } from '../database/database.ts'
import { isWaiting } from './job-states.ts'
import { notifyJobs } from './notify-jobs.ts'
import type { JobSelection, JobTrigger } from '../domain/states.ts'

/** Lower goes first: what a person waits for, then what is new, then what is old. */
const priorities: Record<JobTrigger, number> = {
  manual: 10,
  connect: 10,
  upload: 10,
  view: 20,
  schedule: 30,
  history: 40,
}

export interface ImportRequest {
  connection: { id: string; user_id: string; source_id: string }
  trigger: JobTrigger
  selection: JobSelection
  from: string
  to: string
  now: Temporal.Instant
}

/**
 * Asks for an import and wakes a worker when the transaction commits; gives the job's id.
 *
 * A request for what is due joins the job that waits with the same one; another whose days touch those of a job that waits
 * and asks alike widens that job. What that job brought before the request is asked once more.
 */
export async function requestImport(db: Transaction, request: ImportRequest): Promise<string> {
  const id = (await widenWaiting(db, request)) ?? (await insertJob(db, request))
  await notifyJobs(db, [{ id, user_id: request.connection.user_id }], { due: true })
  return id
}

async function widenWaiting(
  db: Transaction,
  { connection, trigger, selection, from, to, now }: ImportRequest,
) {
  const row = await db
    .updateTable('import_jobs')
    .set({
      from_day: sql`least(from_day, ${from})`,
      to_day: sql`greatest(to_day, ${to})`,
      priority: sql`least(priority, ${priorities[trigger]})`,
      trigger: sql`case when priority <= ${priorities[trigger]} then trigger else ${trigger} end`,
      run_after: sql`case when status = 'waiting' then run_after else least(run_after, ${now.toString()}) end`,
      // Who asks now wants what the source says now, not what an attempt before was told.
      started_at: sql`case when selection = 'never-fetched' then started_at end`,
      permanent_error: sql`case when selection = 'never-fetched' then permanent_error end`,
      permanent_problem: sql`case when selection = 'never-fetched' then permanent_problem end`,
    })
    .where('id', '=', (query) =>
      query
        .selectFrom('import_jobs')
        .select('id')
        .where('connection_id', '=', connection.id)
        .where(isWaiting)
        .where('selection', '=', selection)
        .where(
          sql<boolean>`(selection = 'due' or from_day <= ${addDays(to, 1)}::date and to_day >= ${addDays(from, -1)}::date)`,
        )
        .orderBy('priority')
        .limit(1)
        .forUpdate()
        .skipLocked(),
    )
    .returning('id')
    .executeTakeFirst()
  return row?.id
}

async function insertJob(
  db: Transaction,
  { connection, trigger, selection, from, to, now }: ImportRequest,
): Promise<string> {
  const { id } = await db
    .insertInto('import_jobs')
    .values({
      user_id: connection.user_id,
      connection_id: connection.id,
      source_id: connection.source_id,
      trigger,
      selection,
      from_day: from,
      to_day: to,
      priority: priorities[trigger],
      run_after: now.toString(),
      created_at: now.toString(),
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}
