import { sql } from 'kysely'
import type { Transaction } from '../database/database.ts'
import { instantsOf, zonesApart } from '../calendar/day-starts.ts'

/**
 * Drops what some windows of a remap found at moments of which a newer answer speaks. Within one zone a day has one window;
 * where the user moved, a day there and a day here overlap by hours.
 */
export async function dropOverruled(db: Transaction, remapId: string, numbers: number[]): Promise<void> {
  const { zones } = await db
    .selectFrom('remap_windows')
    .select(sql<number>`count(distinct zone)::integer`.as('zones'))
    .where('remap_id', '=', remapId)
    .executeTakeFirstOrThrow()
  if (zones < 2) return
  const { rows } = await sql<{ number: number; from: string; to: string; zone: string }>`
    select own.number, newer.from_day as from, newer.to_day as to, newer.zone
    from remap_windows own join remap_windows newer using (remap_id, stream, data_type)
    where own.remap_id = ${remapId} and newer.zone <> own.zone and newer.fetch_id > own.fetch_id
      and newer.from_day <= own.to_day + ${zonesApart}::integer and newer.to_day >= own.from_day - ${zonesApart}::integer
      and (own.number = any(${numbers}) or newer.number = any(${numbers}))`.execute(db)
  // By the same clock as the windows were asked: PostgreSQL takes the other midnight of a night that has two.
  const overlaps = rows.map(({ number, zone, ...days }) => ({ number, ...instantsOf(days, zone) }))
  await sql`
    with overlap as materialized (
      select number, to_timestamp(start_at / 1000) as start_at, to_timestamp(end_at / 1000) as end_at
      from unnest(${overlaps.map(({ number }) => number)}::integer[], ${overlaps.map(({ start }) => start)}::float8[],
        ${overlaps.map(({ end }) => end)}::float8[]) as o (number, start_at, end_at)
    ), found as (
      select d.series_id, d.start_at, d.number,
        case when f.belongs_to = 'end' then coalesce(d.end_at, m.end_at) else d.start_at end as belongs_at
      from remap_measurements d join series s on s.id = d.series_id
      left join source_fields f on f.source_id = s.source_id and f.field = s.field
      left join measurements m on m.series_id = d.series_id and m.start_at = d.start_at
      where d.remap_id = ${remapId} and d.number in (select number from overlap)
    )
    delete from remap_measurements d using found join overlap using (number)
    where d.remap_id = ${remapId} and d.number = found.number and d.series_id = found.series_id
      and d.start_at = found.start_at
      and found.belongs_at >= overlap.start_at and found.belongs_at < overlap.end_at`.execute(db)
}
