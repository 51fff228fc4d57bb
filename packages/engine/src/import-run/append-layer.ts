import { sql } from 'kysely'
import { localDay } from '../clock.ts'
import type { Transaction } from '../database/database.ts'
import { copyMeasurements, type IdOf } from './copy-measurements.ts'
import { keyOf } from './find-series.ts'
import type { MeasurementColumns } from './measurement-columns.ts'
import type { SeriesName, Staged, StagedDay } from './stage-records.ts'
import { uploadsAccount } from './upload-run.ts'

/** One upload's place among a user's values. */
export interface Layer {
  userId: string
  sourceId: string
  layer: number
  zone: string
}

export interface Appended {
  added: number
  changed: number
  /** The days that it touched. */
  from: string | undefined
  to: string | undefined
}

/** Adds a part of an upload to its layer; of two rows that speak of the same, the later one counts. */
export async function appendLayer(
  db: Transaction,
  into: Layer,
  fields: string[],
  staged: Staged,
): Promise<Appended> {
  const series = await findSeries(db, into, [...fields.map(whole), ...staged.series])
  const idOf: IdOf = (position) => series.get(keyOf(staged.series[position] ?? whole(''))) ?? 0
  const days = await appendDays(db, idOf, staged.days)
  const measurements = await appendMeasurements(db, idOf, staged.measurements)
  const touched = [
    ...staged.days.map(({ day }) => day),
    ...extremes(staged.measurements).map((at) =>
      localDay(Temporal.Instant.fromEpochMilliseconds(at), into.zone),
    ),
  ].sort()
  return {
    added: days.added + measurements.added,
    changed: days.changed + measurements.changed,
    from: touched[0],
    to: touched.at(-1),
  }
}

/** A field's own series, of no part and no device. */
const whole = (field: string): SeriesName => ({ field, dimension: '', origin: '' })

async function findSeries(db: Transaction, { userId, sourceId, layer }: Layer, names: SeriesName[]) {
  await sql`
    insert into series (user_id, source_id, account_id, layer, field, dimension, origin)
    select ${userId}, ${sourceId}, ${uploadsAccount}, ${layer}, * from unnest(
      ${names.map(({ field }) => field)}::text[], ${names.map(({ dimension }) => dimension)}::text[],
      ${names.map(({ origin }) => origin)}::text[])
    on conflict do nothing`.execute(db)
  const rows = await db
    .selectFrom('series')
    .select(['id', 'field', 'dimension', 'origin'])
    .where('user_id', '=', userId)
    .where('source_id', '=', sourceId)
    .where('layer', '=', layer)
    .execute()
  return new Map(rows.map((row) => [keyOf(row), row.id]))
}

async function appendDays(db: Transaction, idOf: IdOf, days: StagedDay[]) {
  const { rows } = await sql<{ added: boolean }>`
    insert into daily_records as r (series_id, day, value, text_value)
    select * from unnest(${days.map(({ series }) => idOf(series))}::integer[], ${days.map(({ day }) => day)}::date[],
      ${days.map(({ value }) => value)}::float8[], ${days.map(({ text }) => text)}::text[])
    on conflict (series_id, day) do update set value = excluded.value, text_value = excluded.text_value
      where (r.value, r.text_value) is distinct from (excluded.value, excluded.text_value)
    returning xmax = 0 as added`.execute(db)
  const added = rows.filter((row) => row.added).length
  return { added, changed: rows.length - added }
}

async function appendMeasurements(db: Transaction, idOf: IdOf, columns: MeasurementColumns) {
  if (columns.length === 0) return { added: 0, changed: 0 }
  await copyMeasurements(db, columns, idOf)
  const { rows } = await sql<{ added: number; changed: number }>`
    with compared as (
      select s.*, m.series_id is null as is_new
      from staged_measurements s left join measurements m using (series_id, start_at)
      where m.series_id is null or (m.end_at, m.value) is distinct from (s.end_at, s.value)
    ), written as (
      insert into measurements (series_id, start_at, end_at, value)
      select series_id, start_at, end_at, value from compared
      on conflict (series_id, start_at) do update set end_at = excluded.end_at, value = excluded.value
    )
    select count(*) filter (where is_new)::integer as added, count(*) filter (where not is_new)::integer as changed
    from compared`.execute(db)
  return rows[0] ?? { added: 0, changed: 0 }
}

/** The first start and the last end. */
function extremes({ length, start, end }: MeasurementColumns): number[] {
  if (length === 0) return []
  let [first, last] = [Infinity, -Infinity]
  for (let row = 0; row < length; row++) {
    first = Math.min(first, start[row] ?? first)
    last = Math.max(last, end[row] ?? last)
  }
  return [first, last]
}
