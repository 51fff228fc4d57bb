import { sql } from 'kysely'
import type { Transaction } from '../database/database.ts'
import { floatsOf, integerOf, readArrays, timesOf } from '../database/read-arrays.ts'
import { longestMs } from './stage-records.ts'
import type { Slice } from './staged-window.ts'

/** What is stored of one slice, by start; times are microseconds since 2000. */
export interface StoredSlice {
  slice: Slice
  start: Float64Array
  end: Float64Array
  value: Float64Array
}

/**
 * The stored measurements of some slices. Where they belong to the day that they end in, those that start in reach of it
 * are there too, whatever day they end in: what is staged may be one of them that ends otherwise now.
 *
 * The bounds are made beforehand: row-level security lets no function that sees a row run before its own check, and so no
 * index.
 */
export async function readStored(db: Transaction, slices: Slice[]): Promise<StoredSlice[]> {
  if (slices.length === 0) return []
  const bounds = slices.map(({ seriesId, start, end, byEnd }, number) => {
    const lookFrom = byEnd ? start - longestMs : start
    return sql`(${sql.lit(number)}, ${sql.lit(seriesId)}, ${sql.lit(lookFrom / 1000)}, ${sql.lit(end / 1000)})`
  })
  const rows = await readArrays(
    db,
    sql`
      with slice as materialized (
        select number, series_id, to_timestamp(look_from) as look_from, to_timestamp(end_at) as end_at
        from (values ${sql.join(bounds)}) as s (number, series_id, look_from, end_at)
      )
      select number, starts, ends, held from slice cross join lateral (
        select array_agg(start_at) as starts, array_agg(end_at) as ends, array_agg(value) as held from (
          select start_at, end_at, value from measurements m
          where m.series_id = slice.series_id and m.start_at >= slice.look_from and m.start_at < slice.end_at
          order by start_at) as m) as m
      where starts is not null`,
  )
  return rows.map(([number, starts, ends, values]) => ({
    slice: slices[integerOf(number as Buffer)] as Slice,
    start: timesOf(starts as Buffer),
    end: timesOf(ends as Buffer),
    value: floatsOf(values as Buffer),
  }))
}
