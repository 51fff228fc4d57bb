import { sql } from 'kysely'
import type { DailyValue, IncompleteValue } from '../contract/engine.ts'
import type { Parts } from '../parts.ts'
import { readOpenDays } from './open-days.ts'

/**
 * The days on which a field that is split by a dimension has values, each part by its name. Where several say one, it is that
 * of the newest upload, then of the oldest connection, then of the first origin, as for whole days.
 */
export async function readSplit(
  parts: Pick<Parts, 'database' | 'registry' | 'clock'>,
  userId: string,
  { metric, from, to }: { metric: string; from: string; to: string },
): Promise<{ days: { date: string; values: Record<string, DailyValue> }[]; incomplete: IncompleteValue[] }> {
  const [source = '', field = ''] = metric.split('.')
  const query = sql<{ date: string; values: Record<string, DailyValue> }>`
    with said as (
      select distinct on (r.day, s.dimension) r.day, s.dimension, coalesce(to_jsonb(r.value), to_jsonb(r.text_value)) as value
      from series s join daily_records r on r.series_id = s.id
      left join user_integrations c on c.user_id = s.user_id and c.source_id = s.source_id and c.account_id = s.account_id
      left join uploads u on u.user_id = s.user_id and u.source_id = s.source_id and u.layer = s.layer
      where s.user_id = ${userId} and s.source_id = ${source} and s.field = ${field} and s.dimension <> '' and u.replaced_by is null
        and r.day between ${from} and ${to}
      order by r.day, s.dimension, s.layer desc, c.created_at nulls last, c.id, s.account_id, s.origin
    )
    select day as date, jsonb_object_agg(dimension, value) as values from said group by day order by day`
  const [{ rows }, { reasonOf }] = await Promise.all([
    parts.database.asUser(userId, (db) => query.execute(db)),
    readOpenDays(parts, userId, { from, to }),
  ])
  const incomplete = rows.flatMap(({ date }) => {
    const reason = reasonOf(metric, date)
    return reason === undefined ? [] : [{ date, metric, reason }]
  })
  return { days: rows, incomplete }
}
