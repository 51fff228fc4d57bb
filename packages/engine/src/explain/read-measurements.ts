import { sql } from 'kysely'
import type { Transaction } from '../database/database.ts'
import type { MeasurementsOfDay } from '../contract/engine.ts'
import { instantsOf } from '../calendar/day-starts.ts'
import type { DayOf } from './day-of.ts'

const pageLength = 50

export interface DayOfMeasurements extends DayOf {
  rule: string
  /** Whether its values are times of day, which are combined on the clock. */
  isTime: boolean
  belongsTo: 'start' | 'end'
}

export interface FoundMeasurements {
  /** The account that the measurements which count are of. */
  accountId: string
  measurements: MeasurementsOfDay
}

/**
 * The measurements of a field that belong to a day: by origin, the one that counts first, and a page of them all. They are
 * those of one account, the one whose count, as the roll-up chooses it.
 */
export async function readMeasurements(
  db: Transaction,
  of: DayOfMeasurements,
  offset: number,
): Promise<FoundMeasurements | null> {
  const { rows: all } = await sql<OriginRow>`
    with mine as (${measurementsOf(of)})
    select account_id, origin, file_name, count(*)::integer as count, min(start_at) as first, max(end_at) as last,
      case when ${of.isTime} and ${of.rule} in ('mean', 'min', 'max') then combine_times(${of.rule}, array_agg(value))
      else case ${of.rule}
        when 'sum' then sum(value)
        when 'mean' then avg(value)
        when 'min' then min(value)
        when 'max' then max(value)
        when 'first' then (array_agg(value order by start_at))[1]
        when 'last' then (array_agg(value order by start_at desc))[1]
        when 'start' then extract(epoch from min(start_at) at time zone ${of.zone} - ${of.day}::timestamp) / 60
        when 'end' then extract(epoch from max(end_at) at time zone ${of.zone} - ${of.day}::timestamp) / 60
        when 'duration' then sum(extract(epoch from end_at - start_at))
      end end::float8 as value
    from mine group by account_id, created_at, connection_id, origin, layer, file_name
    order by layer desc, created_at nulls last, connection_id, account_id, count(*) desc, origin`.execute(db)
  const [chosen] = all
  if (!chosen) return null
  const { account_id: accountId } = chosen
  const origins = all.filter(({ account_id }) => account_id === accountId)
  const { rows: page } = await sql<MeasurementRow>`
    with mine as (${measurementsOf(of)})
    select start_at, end_at, value, origin from mine where account_id = ${accountId}
    order by start_at, origin limit ${pageLength} offset ${offset}`.execute(db)
  const count = origins.reduce((sum, one) => sum + one.count, 0)
  const following = offset + page.length
  const measurements = {
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
  return { accountId, measurements }
}

/** As the roll-up takes them: those whose start, or end, lies between the beginnings of the local day and the next. */
function measurementsOf({ userId, sourceId, field, day, zone, belongsTo }: DayOfMeasurements) {
  const { start, end } = instantsOf({ from: day, to: day }, zone)
  const from = sql`to_timestamp(${start / 1000}::float8)`
  const until = sql`to_timestamp(${end / 1000}::float8)`
  return sql`
    select m.start_at, m.end_at, m.value, s.account_id, c.created_at, c.id as connection_id, s.origin, s.layer, u.file_name
    from series s join measurements m on m.series_id = s.id
    left join user_integrations c on c.user_id = s.user_id and c.source_id = s.source_id and c.account_id = s.account_id
    left join uploads u on u.user_id = s.user_id and u.source_id = s.source_id and u.layer = s.layer
    where s.user_id = ${userId} and s.source_id = ${sourceId} and s.field = ${field} and s.dimension = ''
      and u.replaced_by is null
      and m.start_at < ${until} and ${
        belongsTo === 'end'
          ? sql`m.start_at >= ${from} - interval '48 hours' and m.end_at >= ${from} and m.end_at < ${until}`
          : sql`m.start_at >= ${from}`
      }`
}

interface OriginRow {
  account_id: string
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
