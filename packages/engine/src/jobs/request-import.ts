import { sql } from 'kysely'
import { addDays } from '../domain/clock.ts'
import type { JobSelection, JobTrigger } from '../domain/states.ts'
import type { Transaction } from '../database/database.ts'
import { insertJob, priorityOf } from './insert-jobs.ts'
import { isWaiting } from './job-states.ts'
import { moveJobs } from './move-jobs.ts'

export interface ImportRequest {
  connection: { id: string; user_id: string; source_id: string }
  trigger: JobTrigger
  selection: JobSelection
  /** The streams to fetch; `null` or left out: all that are switched on. */
  streams?: readonly string[] | null
  from: string
  to: string
  now: Temporal.Instant
}

/**
 * Requests an import and wakes a worker when the transaction commits; returns the job's id.
 *
 * A request joins a job of the connection that waits and has the same selection and the same streams: one for what is due joins
 * it as it is, another one widens it where their days touch. It joins a job of more streams only where that one's days include
 * its own, because widened it would fetch days of streams that nobody requested. What the job brought before is fetched again.
 */
export async function requestImport(db: Transaction, request: ImportRequest): Promise<string> {
  const joined = await joinWaiting(db, request)
  if (joined !== undefined) return joined
  const { connection, trigger, selection, streams, from, to, now } = request
  const moment = now.toString()
  return insertJob(
    db,
    sql`values (${connection.user_id}::uuid, ${connection.id}::uuid, ${connection.source_id}, ${trigger}, ${selection},
      ${listOf(streams)}, ${from}::date, ${to}::date, ${moment}::timestamptz, null::uuid)`,
    now,
  )
}

/** Each stream once and in one order, so that equal sets are equal arrays. */
const listOf = (streams: ImportRequest['streams']) =>
  sql`${streams ? [...new Set(streams)].sort() : null}::text[]`

async function joinWaiting(db: Transaction, request: ImportRequest): Promise<string | undefined> {
  const { trigger, from, to, now } = request
  const priority = priorityOf(sql.lit(trigger))
  // Whoever requests now wants what the source says now, not what an attempt before was told.
  const sinceBefore = (column: string) =>
    sql`case when selection = 'never-fetched' then ${sql.ref(column)} end`
  const [job] = await moveJobs(db, 'joined', {
    where: sql`id = (${waitingJobFor(request)})`,
    change: {
      from_day: sql`least(from_day, ${from})`,
      to_day: sql`greatest(to_day, ${to})`,
      priority: sql`least(priority, ${priority})`,
      trigger: sql`case when priority <= ${priority} then trigger else ${trigger} end`,
      run_after: sql`case when status = 'waiting' then run_after else least(run_after, ${now.toString()}) end`,
      started_at: sinceBefore('started_at'),
      permanent_error: sinceBefore('permanent_error'),
      permanent_problem: sinceBefore('permanent_problem'),
    },
    due: true,
  })
  return job?.id
}

/** The job that a request joins. */
function waitingJobFor({ connection, selection, streams, from, to }: ImportRequest) {
  return sql`
    select id from import_jobs
    where connection_id = ${connection.id}::uuid and ${isWaiting} and selection = ${selection} and (
      streams is not distinct from ${listOf(streams)} and (selection = 'due'
        or from_day <= ${addDays(to, 1)}::date and to_day >= ${addDays(from, -1)}::date)
      or (streams is null or streams @> ${listOf(streams)}) and (selection = 'due'
        or from_day <= ${from}::date and to_day >= ${to}::date))
    order by priority limit 1 for update skip locked`
}
