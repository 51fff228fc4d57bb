import type { DayRule, Field } from '@tributary/plugin-sdk'
import { type RawBuilder, sql } from 'kysely'
import type { Transaction } from '../database/database.ts'
import { keyOf } from './find-series.ts'
import type { StagedFile } from './stage-file.ts'
import { uploadsAccount } from '../domain/source-account.ts'
import type { SeriesName } from './series-names.ts'

/** One upload's place among a user's values. */
export interface Layer {
  userId: string
  sourceId: string
  layer: number
}

export interface WrittenLayer {
  /** Daily records and measurements that the layer has now. */
  stored: number
  /** Values that repeat a stored one. */
  repeated: number
  /** Values that are not used because another one of the same day, or of the same instant, counts. */
  setAside: number
}

/**
 * Writes a staged file as a layer; what an earlier attempt wrote of it is replaced. Several values of one series and day,
 * or instant, become one by the day rule of their field: sum, mean, min or max; else the first or the last counts.
 */
export async function writeLayer(
  db: Transaction,
  into: Layer,
  fields: Record<string, Field>,
  { series }: Pick<StagedFile, 'series'>,
): Promise<WrittenLayer> {
  await deleteLayer(db, into)
  const ids = await createSeries(db, into, Object.keys(fields), series)
  const rules = series.map(({ field }) => ruleOf(fields[field]))
  const times = series.map(({ field }) => fields[field]?.type === 'time')
  const named = sql`(
    select series_id, rule, is_time and rule in ('mean', 'min', 'max') as by_clock, number
    from unnest(${ids}::integer[], ${rules}::text[], ${times}::boolean[]) with ordinality as s (series_id, rule, is_time, number)
  ) as n`
  const days = await writeDays(db, named)
  const measurements = await writeMeasurements(db, named)
  return {
    stored: days.stored + measurements.stored,
    repeated: days.repeated + measurements.repeated,
    setAside: days.setAside + measurements.setAside,
  }
}

export async function deleteLayer(db: Transaction, { userId, sourceId, layer }: Layer): Promise<void> {
  await db
    .deleteFrom('series')
    .where('user_id', '=', userId)
    .where('source_id', '=', sourceId)
    .where('layer', '=', layer)
    .execute()
}

/** Creates the series that values are of, and one for each field. Returns the ids of the former, in their order. */
async function createSeries(
  db: Transaction,
  { userId, sourceId, layer }: Layer,
  fields: string[],
  series: SeriesName[],
): Promise<number[]> {
  const names = [...fields.map((field) => ({ field, dimension: '', origin: '' })), ...series]
  const { rows } = await sql<SeriesName & { id: number }>`
    insert into series (user_id, source_id, account_id, layer, field, dimension, origin)
    select distinct ${userId}::uuid, ${sourceId}, ${uploadsAccount}, ${layer}::integer, field, dimension, origin
    from unnest(${names.map(({ field }) => field)}::text[], ${names.map(({ dimension }) => dimension)}::text[],
      ${names.map(({ origin }) => origin)}::text[]) as n (field, dimension, origin)
    returning id, field, dimension, origin`.execute(db)
  const ids = new Map(rows.map((row) => [keyOf(row), row.id]))
  return series.map((name) => ids.get(keyOf(name)) ?? 0)
}

/** `start`, `end` and `duration` are made from times alone and say nothing of several values. */
function ruleOf(field: Field | undefined): DayRule {
  const { day = 'last' } = field ?? {}
  return day === 'start' || day === 'end' || day === 'duration' ? 'last' : day
}

async function writeDays(db: Transaction, named: RawBuilder<unknown>): Promise<WrittenLayer> {
  const { rows } = await sql<WrittenLayer>`
    with combined as (
      select n.series_id, d.day, ${combinedValue(sql`d.value`)} as value, ${chosen(sql`d.text_value`)} as text_value,
        count(*) as rows, n.rule in ('first', 'last') as chosen,
        (min(d.value), min(d.text_value collate "C")) is not distinct from (max(d.value), max(d.text_value collate "C")) as alike
      from file_days d join ${named} on n.number = d.series + 1
      group by n.series_id, n.rule, n.by_clock, d.day
    ), written as (
      insert into daily_records (series_id, day, value, text_value)
      select series_id, day, value, text_value from combined
    )
    ${countCombined(sql`1`)}`.execute(db)
  return rows[0] ?? { stored: 0, repeated: 0, setAside: 0 }
}

/** Of a mean, the values of an instant are kept a microsecond apart, so that every row of a day counts alike. */
async function writeMeasurements(db: Transaction, named: RawBuilder<unknown>): Promise<WrittenLayer> {
  const { rows } = await sql<WrittenLayer>`
    with combined as (
      select n.series_id, d.start_at, ${chosen(sql`d.end_at`)} as end_at,
        case when n.rule = 'mean' and not n.by_clock then array_agg(d.value order by d.place) filter (where n.rule = 'mean')
          else array[${combinedValue(sql`d.value`)}] end as kept,
        count(*) as rows, n.rule in ('first', 'last') as chosen,
        (min(d.value), min(d.end_at)) is not distinct from (max(d.value), max(d.end_at)) as alike
      from file_measurements d join ${named} on n.number = d.series + 1
      group by n.series_id, n.rule, n.by_clock, d.start_at
    ), written as (
      insert into measurements (series_id, start_at, end_at, value)
      select series_id, start_at + apart, end_at + apart, value
      from combined cross join lateral unnest(kept) with ordinality as v (value, place)
        cross join lateral (select (place - 1) * interval '1 microsecond') as a (apart)
    )
    ${countCombined(sql`cardinality(kept)`)}`.execute(db)
  return rows[0] ?? { stored: 0, repeated: 0, setAside: 0 }
}

/** The value that several become by the rule; times of day are combined on the clock. */
function combinedValue(value: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`case when n.by_clock then combine_times(n.rule, array_agg(${value}) filter (where n.by_clock))
    else case n.rule when 'sum' then sum(${value}) when 'mean' then avg(${value}) when 'min' then min(${value}) when 'max' then max(${value})
    else ${chosen(value)} end end`
}

/** The first by the file's order where the rule says so, else the last. */
function chosen(column: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`case n.rule when 'first' then (array_agg(${column} order by d.place))[1]
    else (array_agg(${column} order by d.place desc))[1] end`
}

/** Where one is chosen of several that differ, the others are set aside; of those that are alike nothing is lost. */
const countCombined = (stored: RawBuilder<unknown>) => sql`
  select coalesce(sum(${stored}), 0)::integer as stored,
    coalesce(sum(rows - 1) filter (where chosen and alike), 0)::integer as repeated,
    coalesce(sum(rows - 1) filter (where chosen and not alike), 0)::integer as "setAside"
  from combined`
