import { sql } from 'kysely'
import type { Transaction } from '../database/database.ts'
import type { DayRange } from './plan-windows.ts'

/** A stream of one user's account, of which coverage speaks. */
export interface CoveredStream {
  userId: string
  sourceId: string
  accountId: string
  stream: string
}

/**
 * Notes what a complete fetch said of a window's days: those with data, and of the empty ones those that the source had
 * nothing of and those younger than `settled`, which are not due yet, as are those that it is still at work on.
 */
export async function coverWindow(
  db: Transaction,
  { userId, sourceId, accountId, stream }: CoveredStream,
  { from, to }: DayRange,
  { days, settled, unsettled }: { days: string[]; settled: string; unsettled: string[] },
): Promise<void> {
  await sql`
    with asked as (select datemultirange(daterange(${from}, ${to}, '[]')) as days),
    open as (
      select coalesce(range_agg(daterange(day, day + 1)), '{}') as days from unnest(${unsettled}::date[]) as day
    ),
    filled as (
      select coalesce(range_agg(daterange(day, day + 1)), '{}') - (select open.days from open) as days
      from unnest(${days}::date[]) as day
    ),
    closed as (
      select datemultirange(daterange(null, ${settled}, '[]')) - open.days as days from open
    ),
    said (state, days) as (
      select 'has-data', filled.days from filled
      union all
      select 'had-none', (asked.days - filled.days) * closed.days from asked, filled, closed
      union all
      select 'not-due-yet', asked.days - filled.days - closed.days from asked, filled, closed
      union all
      select 'failed', '{}'::datemultirange
    )
    insert into coverage as c (user_id, source_id, account_id, stream, state, days)
    select ${userId}, ${sourceId}, ${accountId}, ${stream}, said.state, said.days from said
    on conflict (user_id, source_id, account_id, stream, state)
      do update set days = c.days - (select asked.days from asked) + excluded.days
      where c.days <> c.days - (select asked.days from asked) + excluded.days`.execute(db)
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

/** The days within a range that were never asked of a stream, the newest first. */
export async function neverAsked(
  db: Transaction,
  { userId, sourceId, accountId, stream }: CoveredStream,
  { from, to }: DayRange,
): Promise<DayRange[]> {
  const { rows } = await sql<DayRange>`
    select lower(gap) as "from", upper(gap) - 1 as "to"
    from unnest(datemultirange(daterange(${from}, ${to}, '[]')) -
      coalesce((select range_agg(known) from coverage, unnest(days) as known
        where user_id = ${userId} and source_id = ${sourceId} and account_id = ${accountId} and stream = ${stream}), '{}')
    ) as gap
    order by gap desc`.execute(db)
  return rows
}
