import { sql } from 'kysely'
import type { Transaction } from '../database/database.ts'
import type { MeasurementsOfDay } from '../engine.ts'
import type { DayOf } from './day-of.ts'

const pageLength = 50

export interface DayOfMeasurements extends DayOf {
  rule: string
  belongsTo: 'start' | 'end'
}

/** The measurements of a field that belong to a day: by origin, the one that counts first, and a page of them all. */
export async function readMeasurements(
  db: Transaction,
  of: DayOfMeasurements,
  offset: number,
): Promise<MeasurementsOfDay | null> {
  const { rows: origins } = await sql<OriginRow>`
    with mine as (${measurementsOf(of)})
    select origin, file_name, count(*)::integer as count, min(start_at) as first, max(end_at) as last,
      case ${of.rule}
        when 'sum' then sum(value)
        when 'mean' then avg(value)
        when 'min' then min(value)
        when 'max' then max(value)
        when 'first' then (array_agg(value order by start_at))[1]
        when 'last' then (array_agg(value order by start_at desc))[1]
        when 'start' then min(extract(epoch from start_at at time zone ${of.zone} - ${of.day}::timestamp) / 60)
        when 'end' then max(extract(epoch from end_at at time zone ${of.zone} - ${of.day}::timestamp) / 60)
        when 'duration' then sum(extract(epoch from end_at - start_at))
      end::float8 as value
    from mine group by origin, layer, file_name
    order by layer desc, count(*) desc, origin`.execute(db)
  if (origins.length === 0) return null
  const { rows: page } = await sql<MeasurementRow>`
    with mine as (${measurementsOf(of)})
    select start_at, end_at, value, origin from mine
    order by start_at, origin limit ${pageLength} offset ${offset}`.execute(db)
  const count = origins.reduce((sum, one) => sum + one.count, 0)
  const following = offset + page.length
  return {
    count,
    origins: origins.map(({ origin, file_name, first, last, ...found }) => ({
      origin,
      file: file_name,
      count: found.count,
      first: first.toString(),
      last: last.toString(),
      value: found.value,
      counts: false,
    })),
    page: page.map(({ start_at, end_at, value, origin }) => ({
      start: start_at.toString(),
      end: end_at.toString(),
      value,
      origin,
    })),
    next: page.length > 0 && following < count ? following : null,
  }
}

/** As the roll-up takes them: those whose start, or end, lies in the local day. */
const measurementsOf = ({
  userId,
  sourceId,
  accountId,
  field,
  day,
  zone,
  belongsTo,
}: DayOfMeasurements) => sql`
  select m.start_at, m.end_at, m.value, s.origin, s.layer, u.file_name
  from series s join measurements m on m.series_id = s.id
  left join uploads u on u.user_id = s.user_id and u.source_id = s.source_id and u.layer = s.layer
  where s.user_id = ${userId} and s.source_id = ${sourceId} and s.account_id = ${accountId} and s.field = ${field}
    and s.dimension = ''
    and m.start_at >= (${day}::timestamp at time zone ${zone}) - interval '48 hours'
    and m.start_at < (${day}::date + 1)::timestamp at time zone ${zone}
    and (case ${belongsTo} when 'end' then m.end_at else m.start_at end at time zone ${zone})::date = ${day}::date`

interface OriginRow {
  origin: string
  file_name: string | null
  count: number
  first: Temporal.Instant
  last: Temporal.Instant
  value: number
}

interface MeasurementRow {
  start_at: Temporal.Instant
  end_at: Temporal.Instant
  value: number
  origin: string
}
