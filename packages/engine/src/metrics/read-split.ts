import { sql } from 'kysely'
import type { Database } from '../database/database.ts'
import type { DailyValue } from '../engine.ts'

/** The days on which a field that is split by a dimension has values, each part by its name. */
export async function readSplit(
  database: Database,
  userId: string,
  { metric, from, to }: { metric: string; from: string; to: string },
): Promise<{ days: { date: string; values: Record<string, DailyValue> }[] }> {
  const [source = '', field = ''] = metric.split('.')
  const { rows } = await database.asUser(userId, (db) =>
    sql<{ date: string; values: Record<string, DailyValue> }>`
      select r.day as date, jsonb_object_agg(s.dimension, coalesce(to_jsonb(r.value), to_jsonb(r.text_value))) as values
      from series s join daily_records r on r.series_id = s.id
      where s.user_id = ${userId} and s.source_id = ${source} and s.field = ${field} and s.dimension <> ''
        and r.day between ${from} and ${to}
      group by r.day order by r.day`.execute(db),
  )
  return { days: rows }
}
