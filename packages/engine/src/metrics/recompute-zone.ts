import { sql } from 'kysely'
import type { Transaction } from '../database/database.ts'
import { holdValuesOf } from '../import-run/hold-values.ts'
import { rollUp } from '../import-run/roll-up.ts'

/**
 * Makes all days of a user's measurements anew, cut by another zone. What a source itself said of a day stays as it is.
 * No import writes days of the old zone meanwhile or after: those at work begin again, in the new one.
 */
export async function recomputeZone(db: Transaction, userId: string, zone: string): Promise<void> {
  await holdValuesOf(db, userId)
  await sql`
    update import_jobs set lease_until = null, status = case when status = 'running' then 'queued' else status end
    where user_id = ${userId} and status in ('queued', 'running', 'waiting', 'retrying')`.execute(db)
  const { rows } = await sql<Measured>`
    select s.source_id, array_agg(distinct s.field) as fields,
      (min(m.first) at time zone 'UTC')::date - 1 as first, (max(m.last) at time zone 'UTC')::date + 1 as last
    from series s, lateral (
      select min(start_at) as first, max(end_at) as last from measurements where series_id = s.id
    ) as m
    where s.user_id = ${userId} and m.first is not null
    group by s.source_id`.execute(db)
  for (const { source_id: sourceId, fields, first: from, last: to } of rows) {
    await rollUp(db, { userId, sourceId, zone, slices: [{ fields, from, to }] })
  }
}

interface Measured {
  source_id: string
  fields: string[]
  first: string
  last: string
}
