import { sql } from 'kysely'
import { localDay } from '../clock.ts'
import type { Transaction } from '../database/database.ts'
import type { Staged, StagedDay, StagedMeasurement } from './stage-records.ts'
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
  const series = await findSeries(db, into, fields)
  const days = await appendDays(db, series, staged.days)
  const measurements = await appendMeasurements(db, series, staged.measurements)
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

async function findSeries(db: Transaction, { userId, sourceId, layer }: Layer, fields: string[]) {
  await db
    .insertInto('series')
    .values(
      fields.map((field) => ({
        user_id: userId,
        source_id: sourceId,
        account_id: uploadsAccount,
        field,
        layer,
      })),
    )
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  const rows = await db
    .selectFrom('series')
    .select(['id', 'field'])
    .where('user_id', '=', userId)
    .where('source_id', '=', sourceId)
    .where('layer', '=', layer)
    .execute()
  return new Map(rows.map(({ field, id }) => [field, id]))
}

type Series = Map<string, number>

async function appendDays(db: Transaction, series: Series, days: StagedDay[]) {
  const { rows } = await sql<{ added: boolean }>`
    insert into daily_records as r (series_id, day, value, text_value)
    select * from unnest(${days.map(({ field }) => series.get(field))}::integer[], ${days.map(({ day }) => day)}::date[],
      ${days.map(({ value }) => value)}::float8[], ${days.map(({ text }) => text)}::text[])
    on conflict (series_id, day) do update set value = excluded.value, text_value = excluded.text_value
      where (r.value, r.text_value) is distinct from (excluded.value, excluded.text_value)
    returning xmax = 0 as added`.execute(db)
  return countAdded(rows)
}

async function appendMeasurements(db: Transaction, series: Series, rows: StagedMeasurement[]) {
  if (rows.length === 0) return { added: 0, changed: 0 }
  const { rows: written } = await sql<{ added: boolean }>`
    insert into measurements as m (series_id, start_at, end_at, value)
    select s, to_timestamp(a / 1000.0), to_timestamp(b / 1000.0), v
    from unnest(${rows.map(({ field }) => series.get(field))}::integer[], ${rows.map(({ start }) => start)}::float8[],
      ${rows.map(({ end }) => end)}::float8[], ${rows.map(({ value }) => value)}::float8[]) as t (s, a, b, v)
    on conflict (series_id, start_at) do update set end_at = excluded.end_at, value = excluded.value
      where (m.end_at, m.value) is distinct from (excluded.end_at, excluded.value)
    returning xmax = 0 as added`.execute(db)
  return countAdded(written)
}

function countAdded(rows: { added: boolean }[]) {
  const added = rows.filter((row) => row.added).length
  return { added, changed: rows.length - added }
}

function extremes(measurements: StagedMeasurement[]): number[] {
  if (measurements.length === 0) return []
  let [first, last] = [Infinity, -Infinity]
  for (const { start, end } of measurements) {
    first = Math.min(first, start)
    last = Math.max(last, end)
  }
  return [first, last]
}
