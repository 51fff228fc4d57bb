import { sql } from 'kysely'
import type { Transaction } from '../database/database.ts'
import type { RemapWindow } from './plan-remap.ts'

/**
 * Brings a remap's windows to a plan: those that are in it already stay as they are, those of answers that newer ones
 * replaced go with their differences, and new ones wait to be compared.
 */
export async function writePlan(db: Transaction, remapId: string, plan: RemapWindow[]): Promise<void> {
  const planned = sql`
    select * from unnest(${plan.map(({ stream }) => stream)}::text[], ${plan.map(({ dataType }) => dataType)}::text[],
      ${plan.map(({ from }) => from)}::date[], ${plan.map(({ to }) => to)}::date[], ${plan.map(({ fetchId }) => fetchId)}::bigint[],
      ${plan.map(({ zone }) => zone)}::text[], ${plan.map(({ hoursOnly }) => hoursOnly)}::boolean[]
      ) as p (stream, data_type, from_day, to_day, fetch_id, zone, hours_only)`
  await sql`
    delete from remap_windows w where remap_id = ${remapId} and not exists (
      select from (${planned}) as p where (p.stream, p.data_type, p.from_day, p.to_day, p.fetch_id, p.hours_only) =
        (w.stream, w.data_type, w.from_day, w.to_day, w.fetch_id, w.hours_only))`.execute(db)
  // Windows also go with their fetch.
  for (const differences of [sql.table('remap_days'), sql.table('remap_measurements')]) {
    await sql`
      delete from ${differences} where remap_id = ${remapId} and not exists (
        select from remap_windows w where w.remap_id = ${remapId} and w.number = ${differences}.number)`.execute(
      db,
    )
  }
  await sql`
    insert into remap_windows (remap_id, number, stream, data_type, from_day, to_day, fetch_id, zone, hours_only)
    select ${remapId}, (select coalesce(max(number), 0) from remap_windows where remap_id = ${remapId}) +
      row_number() over (order by p.zone, p.stream, p.data_type, p.from_day), p.*
    from (${planned}) as p where not exists (select from remap_windows w where w.remap_id = ${remapId}
      and (p.stream, p.data_type, p.from_day, p.to_day, p.fetch_id, p.hours_only) =
        (w.stream, w.data_type, w.from_day, w.to_day, w.fetch_id, w.hours_only))`.execute(db)
}
