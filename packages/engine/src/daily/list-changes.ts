import { sql } from 'kysely'
import type { Database } from '../database/database.ts'
import type { ChangeList, DailyValue, MetricChange } from '../contract/engine.ts'
import type { ChangeCause } from '../domain/change-cause.ts'

/**
 * The recorded changes of a user's daily values, the oldest first, a part at a time. Changes become visible in the order of
 * `at`, so that who asks again `since` the last one that they know misses none.
 */
export async function listChanges(
  database: Database,
  userId: string,
  { since = '-infinity', metric, after, limit = 200 }: ChangeList,
): Promise<{ changes: MetricChange[]; next: string | null }> {
  const [at, id] = after?.split('_') ?? [since, '0']
  const { rows } = await database.asUser(userId, (db) =>
    sql<Row>`
      select id, metric_name as metric, day as date, coalesce(to_jsonb(before_value), to_jsonb(before_text)) as before,
        coalesce(to_jsonb(after_value), to_jsonb(after_text)) as after, cause, job_id as "jobId", at
      from value_changes
      where user_id = ${userId} and at >= ${since}::timestamptz and (at, id) > (${at}::timestamptz, ${id}::bigint)
        ${metric === undefined ? sql`` : sql`and metric_name = ${metric}`}
      order by at, id limit ${limit + 1}`.execute(db),
  )
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return {
    changes: shown.map(({ id: _, ...change }) => ({ ...change, at: change.at.toString() })),
    next: rows.length > limit && last ? `${last.at.toString()}_${last.id}` : null,
  }
}

interface Row {
  id: string
  metric: string
  date: string
  before: DailyValue
  after: DailyValue
  cause: ChangeCause
  jobId: string | null
  at: Temporal.Instant
}
