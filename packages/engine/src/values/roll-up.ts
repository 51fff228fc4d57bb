import { sql } from 'kysely'
import type { Transaction } from '../database/database.ts'
import { daysOfRanges } from '../calendar/day-starts.ts'
import { recordChanges } from './record-changes.ts'
import { writeKinds } from './roll-up-kinds.ts'
import {
  type ChangeBy,
  type ChangesOfMetric,
  type DailyChange,
  dailyColumns,
  selectChanges,
  toChanges,
  writeDifferences,
} from './write-differences.ts'
import type { DayRange } from '../domain/day-ranges.ts'

/** Days of some fields of a user's source. */
export interface RollUpSlice {
  fields: string[]
  from: string
  to: string
}

export interface RollUp extends ChangeBy {
  sourceId: string
  zone: string
  slices: RollUpSlice[]
}

/** Ranges of days that are rolled up by one statement. */
const rangesAtOnce = 1_000

/** Recomputes the daily values of some fields on the given days, and on no day between them. */
export async function rollUpDays(
  db: Transaction,
  { fields, days, ...of }: Omit<RollUp, 'slices'> & { fields: string[]; days: DayRange[] },
): Promise<void> {
  for (let first = 0; first < days.length; first += rangesAtOnce) {
    const slices = days.slice(first, first + rangesAtOnce).map((range) => ({ fields, ...range }))
    await rollUp(db, { ...of, slices })
  }
}

/**
 * Recomputes the daily values of some slices: a manual entry wins, then the source's daily record, then its measurements;
 * then the values of the kinds that changed. A pure function of what is stored: only values that differ are written. Returns
 * those, and records and publishes them.
 *
 * Where a user has several accounts at the source, or uploaded its files, one of them counts for a day: the newest upload,
 * whether it has a daily record or measurements; then the accounts that are connected, the oldest connection first; then
 * accounts that were connected once.
 */
export async function rollUp(
  db: Transaction,
  { sourceId, zone, slices, ...by }: RollUp,
): Promise<DailyChange[]> {
  if (slices.length === 0) return []
  const { userId } = by
  const from = slices.reduce(
    (first, slice) => (slice.from < first ? slice.from : first),
    slices[0]?.from ?? '',
  )
  const to = slices.reduce((last, slice) => (slice.to > last ? slice.to : last), slices[0]?.to ?? '')
  const days = daysOfRanges(slices, zone)
  const flat = slices.flatMap(({ fields, ...range }) => fields.map((field) => ({ field, ...range })))
  const kindOfMetric = sql`(
    select min(f.kind) from source_fields f
    where f.source_id = ${sourceId} and f.field = substr(c.metric_name, ${sourceId.length + 2}::integer)) as kind,`
  const { rows } = await sql<ChangesOfMetric & { kind: string | null }>`
    with slice as materialized (
      select *, ${sourceId} || '.' || field as metric_name
      from unnest(${flat.map(({ field }) => field)}::text[], ${flat.map((one) => one.from)}::date[],
        ${flat.map((one) => one.to)}::date[]) as s (field, from_day, to_day)
    ), days as materialized (
      select day, to_timestamp(start / 1000) as start, to_timestamp("end" / 1000) as "end",
        to_timestamp(start / 1000) - interval '48 hours' as before
      from unnest(${days.map(({ day }) => day)}::date[], ${days.map(({ start }) => start)}::float8[],
        ${days.map(({ end }) => end)}::float8[]) as d (day, start, "end")
    ), mine as (
      select s.id, s.field, s.origin, s.layer, f.day_rule, f.belongs_to = 'end' as by_end,
        f.type = 'time' and f.day_rule in ('mean', 'min', 'max') as by_clock, slice.from_day, slice.to_day,
        row_number() over (order by s.layer desc, c.created_at nulls last, c.id, s.account_id, s.origin) as rank,
        -- The account, whatever its devices.
        rank() over (order by s.layer desc, c.created_at nulls last, c.id, s.account_id) as account_rank
      from slice join series s using (field) join source_fields f using (source_id, field)
      left join user_integrations c on c.user_id = s.user_id and c.source_id = s.source_id and c.account_id = s.account_id
      left join uploads u on u.user_id = s.user_id and u.source_id = s.source_id and u.layer = s.layer
      where s.user_id = ${userId} and s.source_id = ${sourceId} and s.dimension = '' and u.replaced_by is null
    ), recorded as (
      select distinct on (mine.field, r.day) mine.field, mine.layer, r.day, r.value, r.text_value
      from mine join daily_records r on r.series_id = mine.id and r.day between mine.from_day and mine.to_day
      order by mine.field, r.day, mine.rank
    ), measured as (
      select mine.field, mine.layer, mine.account_rank, mine.rank, days.day, of_day.*
      from mine join days on days.day between mine.from_day and mine.to_day
      cross join lateral (
        select count(*) as measurements,
          case when mine.by_clock
            then combine_times(mine.day_rule, array_agg(m.value) filter (where mine.by_clock))
          else case mine.day_rule
            when 'sum' then sum(m.value)
            when 'mean' then avg(m.value)
            when 'min' then min(m.value)
            when 'max' then max(m.value)
            when 'first' then (array_agg(m.value order by m.start_at) filter (where mine.day_rule = 'first'))[1]
            when 'last' then (array_agg(m.value order by m.start_at desc) filter (where mine.day_rule = 'last'))[1]
            when 'start' then extract(epoch from min(m.start_at) at time zone ${zone} - days.day::timestamp) / 60
            when 'end' then extract(epoch from max(m.end_at) at time zone ${zone} - days.day::timestamp) / 60
            when 'duration' then sum(extract(epoch from m.end_at - m.start_at)) filter (where mine.day_rule = 'duration')
          end end as value
        from measurements m
        where m.series_id = mine.id
          and m.start_at >= case when mine.by_end then days.before else days.start end
          and m.start_at < days.end
          and (not mine.by_end or m.end_at >= days.start and m.end_at < days.end)
      ) as of_day
      where mine.day_rule is not null and of_day.measurements > 0
    ), counted as (
      -- Two devices of one person count the same steps: the one that saw most of the day counts.
      select distinct on (field, day) field, layer, day, value from measured
      order by field, day, account_rank, measurements desc, rank
    ), entered as (
      select slice.field, e.day, e.value, e.text_value
      from slice join manual_entries e on e.metric_name = slice.metric_name and e.day between slice.from_day and slice.to_day
      where e.user_id = ${userId}
    ), wanted as materialized (
      select distinct on (field, day) ${sourceId} || '.' || field as metric_name, day, ${sourceId} as source, value,
        text_value, basis
      from (
        select field, day, value, text_value, 'manual' as basis, 1 as rank, null::integer as layer from entered
        union all select field, day, value, text_value, 'daily-record', 2, layer from recorded
        union all select field, day, value, null, 'measurements', 2, layer from counted
      ) as candidates
      order by field, day, rank, layer desc, basis
    ), stored as materialized (
      -- Slices may share days: a night that ends a day earlier now widens its window into the next one.
      select distinct d.* from slice cross join lateral (
        select ${dailyColumns} from daily_metric_values d
        where d.user_id = ${userId} and d.metric_name = slice.metric_name and d.day between slice.from_day and slice.to_day
        offset 0
      ) as d
    ), ${writeDifferences(by)}
    ${selectChanges(by, kindOfMetric)}`.execute(db)
  const kinds = [...new Set(rows.flatMap(({ kind }) => kind ?? []))]
  const changes = [...toChanges(rows, by), ...(await writeKinds(db, by, kinds, { from, to }))]
  await recordChanges(db, by, changes)
  return changes
}
