import { sql } from 'kysely'
import { addDays, localDay } from '../domain/clock.ts'
import type { Transaction } from '../database/database.ts'
import type { StreamDataType } from '../sources/data-types.ts'
import type { DayRange } from '../domain/day-ranges.ts'
import type { SourceAccount } from '../domain/source-account.ts'

/** What a complete fetch said of a window's days. */
export interface CoveredWindow extends StreamDataType, DayRange {
  /** The days with data. */
  filled: string[]
  /** Empty days up to this one are empty at the source; younger ones are not due yet. */
  settled: string
  /** Open days, on which the source may still be at work (`openDays`): not due yet, whatever it said of them. */
  unsettled: string[]
  /** Records could not be read, so that nothing is known of the days without data. */
  tooManyRejected: boolean
  /**
   * A day that had data and is empty now is not due yet: the next job requests it once more, wherever it lies, because an answer
   * may have lacked it by mistake.
   */
  rechecksEmptied: boolean
}

const defaultSettlesAfterDays = 2

/** The last day that is empty at the source where it is empty; those after it may still come. */
export function lastSettledDay(today: string, settlesAfterDays = defaultSettlesAfterDays): string {
  return addDays(today, -settlesAfterDays)
}

const closesAfter = { hours: 72 }

/**
 * The first day that ended less than 72 hours ago. An earlier day is closed: what the source has not finished of it counts as
 * it is, because a source that never finishes a day would otherwise be asked for it for ever.
 */
export function firstOpenDay(now: Temporal.Instant, zone: string): string {
  return localDay(now.subtract(closesAfter), zone)
}

/** The unsettled days of a fetch that are not closed. */
export function openDays(unsettled: string[], fetchedAt: Temporal.Instant, zone: string): string[] {
  const first = firstOpenDay(fetchedAt, zone)
  return unsettled.filter((day) => day >= first)
}

/** Records what complete fetches said of their windows' days. */
export async function recordCoverage(
  db: Transaction,
  { userId, sourceId, accountId }: SourceAccount,
  windows: CoveredWindow[],
): Promise<void> {
  const filled = windows.flatMap(({ filled: days, unsettled }, window) =>
    days.filter((day) => !unsettled.includes(day)).map((day) => ({ window, day })),
  )
  const open = windows.flatMap(({ unsettled }, window) => unsettled.map((day) => ({ window, day })))
  await sql`
    with windows as (
      select number - 1 as number, stream, data_type, datemultirange(daterange(from_day, to_day, '[]')) as asked,
        datemultirange(daterange(null, settled, '[]')) as settled, too_many_rejected, rechecks
      from unnest(${windows.map(({ stream }) => stream)}::text[], ${windows.map(({ dataType }) => dataType)}::text[],
        ${windows.map(({ from }) => from)}::date[], ${windows.map(({ to }) => to)}::date[],
        ${windows.map(({ settled }) => settled)}::date[], ${windows.map(({ tooManyRejected }) => tooManyRejected)}::boolean[],
        ${windows.map(({ rechecksEmptied }) => rechecksEmptied)}::boolean[])
        with ordinality as w (stream, data_type, from_day, to_day, settled, too_many_rejected, rechecks, number)
    ), filled as (
      select number, range_agg(daterange(day, day + 1)) as days
      from unnest(${filled.map(({ window }) => window)}::integer[], ${filled.map(({ day }) => day)}::date[]) as f (number, day)
      group by number
    ), open as (
      select number, range_agg(daterange(day, day + 1)) as days
      from unnest(${open.map(({ window }) => window)}::integer[], ${open.map(({ day }) => day)}::date[]) as o (number, day)
      group by number
    ), known as (
      select stream, data_type, days from coverage
      where (user_id, source_id, account_id, state) = (${userId}, ${sourceId}, ${accountId}, 'has-data')
    ), answered as (
      select stream, data_type, asked, settled, too_many_rejected, coalesce(filled.days, '{}') as filled, coalesce(open.days, '{}') as open,
        asked - coalesce(filled.days, '{}') - coalesce(open.days, '{}') as empty,
        case when rechecks then coalesce(known.days, '{}') else '{}' end as rechecked
      from windows left join filled using (number) left join open using (number) left join known using (stream, data_type)
    ), by_window as (
      select stream, data_type, asked, state, case state
          when 'has-data' then filled
          when 'had-none' then case when too_many_rejected then '{}' else empty * settled - rechecked end
          when 'not-due-yet' then open
            + case when too_many_rejected then '{}' else empty - settled + empty * rechecked end
          when 'failed' then case when too_many_rejected then empty else '{}' end
        end as days
      from answered, unnest(array['has-data', 'had-none', 'not-due-yet', 'failed']) as state
    ), said as (
      select stream, data_type, state, range_agg(asked) as asked, coalesce(range_agg(days), '{}') as days from by_window
      group by stream, data_type, state
    )
    insert into coverage as c (user_id, source_id, account_id, stream, data_type, state, days)
    select ${userId}, ${sourceId}, ${accountId}, stream, data_type, state, days from said
    on conflict (user_id, source_id, account_id, stream, data_type, state)
      do update set days = c.days - (${askedOf}) + excluded.days
      where c.days <> c.days - (${askedOf}) + excluded.days
  `.execute(db)
}

/** The days that were asked of the data type and state of the row `c`. */
const askedOf = sql`select asked from said
  where (said.stream, said.data_type, said.state) = (c.stream, c.data_type, c.state)`

/** Records windows that failed: their days are failed where nothing was known of them, and stay what they were elsewhere. */
export async function failWindows(
  db: Transaction,
  { userId, sourceId, accountId }: SourceAccount,
  windows: (StreamDataType & DayRange)[],
): Promise<void> {
  await sql`
    with failed as (
      select stream, data_type, range_agg(daterange(from_day, to_day, '[]')) as days
      from unnest(${windows.map(({ stream }) => stream)}::text[], ${windows.map(({ dataType }) => dataType)}::text[],
        ${windows.map(({ from }) => from)}::date[], ${windows.map(({ to }) => to)}::date[])
        as w (stream, data_type, from_day, to_day)
      group by stream, data_type
    )
    insert into coverage as c (user_id, source_id, account_id, stream, data_type, state, days)
    select ${userId}, ${sourceId}, ${accountId}, stream, data_type, 'failed', failed.days -
      coalesce((select range_agg(part) from coverage known, unnest(known.days) as part
        where user_id = ${userId} and source_id = ${sourceId} and account_id = ${accountId}
          and known.stream = failed.stream and known.data_type = failed.data_type), '{}')
    from failed
    on conflict (user_id, source_id, account_id, stream, data_type, state) do update set days = c.days + excluded.days
    where c.days <> c.days + excluded.days`.execute(db)
}
