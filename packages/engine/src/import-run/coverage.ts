import { sql } from 'kysely'
import { addDays, localDay } from '../clock.ts'
import type { Transaction } from '../database/database.ts'
import type { DayRange } from './plan-windows.ts'

/** A stream of one user's account, of which coverage speaks. */
export interface CoveredStream {
  userId: string
  sourceId: string
  accountId: string
  stream: string
}

/** What a complete fetch said of a window's days. */
export interface CoveredWindow extends DayRange {
  stream: string
  /** The days with data. */
  filled: string[]
  /** Empty days up to this one are empty at the source; younger ones are not due yet. */
  settled: string
  /** Open days, on which the source may still be at work (`openDays`): not due yet, whatever it said of them. */
  unsettled: string[]
  /** Records could not be read, so that nothing is known of the days without data. */
  unread: boolean
}

const defaultSettlesAfterDays = 2

/** The last day that is empty at the source where it is empty; those after it may still come. */
export function lastSettledDay(today: string, settlesAfterDays = defaultSettlesAfterDays): string {
  return addDays(today, -settlesAfterDays)
}

const closesAfter = { hours: 72 }

/**
 * Those of a fetch's unsettled days that ended less than 72 hours before it. An older day is closed: it counts as known
 * with what the source gave for it, because a source that never finishes a day would otherwise be asked for it for ever.
 */
export function openDays(unsettled: string[], fetchedAt: Temporal.Instant, zone: string): string[] {
  const firstOpen = localDay(fetchedAt.subtract(closesAfter), zone)
  return unsettled.filter((day) => day >= firstOpen)
}

/** Notes what complete fetches said of their windows' days. */
export async function coverWindows(
  db: Transaction,
  { userId, sourceId, accountId }: Omit<CoveredStream, 'stream'>,
  windows: CoveredWindow[],
): Promise<void> {
  const filled = windows.flatMap(({ filled: days, unsettled }, window) =>
    days.filter((day) => !unsettled.includes(day)).map((day) => ({ window, day })),
  )
  const open = windows.flatMap(({ unsettled }, window) => unsettled.map((day) => ({ window, day })))
  await sql`
    with windows as (
      select number - 1 as number, stream, datemultirange(daterange(from_day, to_day, '[]')) as asked,
        datemultirange(daterange(null, settled, '[]')) as settled, unread
      from unnest(${windows.map(({ stream }) => stream)}::text[], ${windows.map(({ from }) => from)}::date[],
        ${windows.map(({ to }) => to)}::date[], ${windows.map(({ settled }) => settled)}::date[],
        ${windows.map(({ unread }) => unread)}::boolean[])
        with ordinality as w (stream, from_day, to_day, settled, unread, number)
    ), filled as (
      select number, range_agg(daterange(day, day + 1)) as days
      from unnest(${filled.map(({ window }) => window)}::integer[], ${filled.map(({ day }) => day)}::date[]) as f (number, day)
      group by number
    ), open as (
      select number, range_agg(daterange(day, day + 1)) as days
      from unnest(${open.map(({ window }) => window)}::integer[], ${open.map(({ day }) => day)}::date[]) as o (number, day)
      group by number
    ), answered as (
      select stream, asked, settled, unread, coalesce(filled.days, '{}') as filled, coalesce(open.days, '{}') as open,
        asked - coalesce(filled.days, '{}') - coalesce(open.days, '{}') as empty
      from windows left join filled using (number) left join open using (number)
    ), by_window as (
      select stream, asked, state, case state
          when 'has-data' then filled
          when 'had-none' then case when unread then '{}' else empty * settled end
          when 'not-due-yet' then open + case when unread then '{}' else empty - settled end
          when 'failed' then case when unread then empty else '{}' end
        end as days
      from answered, unnest(array['has-data', 'had-none', 'not-due-yet', 'failed']) as state
    ), said as (
      select stream, state, range_agg(asked) as asked, coalesce(range_agg(days), '{}') as days from by_window
      group by stream, state
    )
    insert into coverage as c (user_id, source_id, account_id, stream, state, days)
    select ${userId}, ${sourceId}, ${accountId}, stream, state, days from said
    on conflict (user_id, source_id, account_id, stream, state)
      do update set days = c.days - (select asked from said where said.stream = c.stream and said.state = c.state) + excluded.days
      where c.days <> c.days - (select asked from said where said.stream = c.stream and said.state = c.state) + excluded.days
  `.execute(db)
}

/** Notes that a window failed: its days are failed where nothing was known of them, and stay what they were elsewhere. */
export async function failWindow(
  db: Transaction,
  { userId, sourceId, accountId, stream }: CoveredStream,
  { from, to }: DayRange,
): Promise<void> {
  await sql`
    insert into coverage as c (user_id, source_id, account_id, stream, state, days)
    select ${userId}, ${sourceId}, ${accountId}, ${stream}, 'failed', datemultirange(daterange(${from}, ${to}, '[]')) -
      coalesce((select range_agg(known) from coverage, unnest(days) as known
        where user_id = ${userId} and source_id = ${sourceId} and account_id = ${accountId} and stream = ${stream}), '{}')
    on conflict (user_id, source_id, account_id, stream, state) do update set days = c.days + excluded.days
    where c.days <> c.days + excluded.days`.execute(db)
}
