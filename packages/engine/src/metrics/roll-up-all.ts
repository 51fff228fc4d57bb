import { sql } from 'kysely'
import type { Transaction } from '../database/database.ts'
import { rollUp } from '../import-run/roll-up.ts'

/** Makes all daily values of a user anew, or those of one source. */
export async function rollUpAll(
  db: Transaction,
  userId: string,
  zone: string,
  sourceId?: string,
): Promise<void> {
  const { rows } = await sql<{ source_id: string; fields: string[]; first: string; last: string }>`
    select s.source_id, array_agg(distinct s.field) as fields, min(d.first) as first, max(d.last) as last
    from series s, lateral (
      select (min(start_at) at time zone 'UTC')::date - 1 as first, (max(end_at) at time zone 'UTC')::date + 1 as last
      from measurements where series_id = s.id
      union all select min(day), max(day) from daily_records where series_id = s.id
    ) as d
    where s.user_id = ${userId} and d.first is not null
      and ${sourceId === undefined ? sql`true` : sql`s.source_id = ${sourceId}`}
    group by s.source_id`.execute(db)
  for (const { source_id, fields, first: from, last: to } of rows)
    await rollUp(db, { userId, sourceId: source_id, zone, slices: [{ fields, from, to }] })
}
