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
 * nothing of and those younger than `settled`, which are not due yet.
 */
export async function coverWindow(
  db: Transaction,
  { userId, sourceId, accountId, stream }: CoveredStream,
  { from, to }: DayRange,
  { days, settled }: { days: string[]; settled: string },
): Promise<void> {
  await sql`
    with asked as (select datemultirange(daterange(${from}, ${to}, '[]')) as days),
    filled as (
      select coalesce(range_agg(daterange(day, day + 1)), '{}') as days from unnest(${days}::date[]) as day
    ),
    said (state, days) as (
      select 'has-data', filled.days from filled
      union all
      select 'had-none', (asked.days - filled.days) * datemultirange(daterange(null, ${settled}, '[]')) from asked, filled
      union all
      select 'not-due-yet', (asked.days - filled.days) - datemultirange(daterange(null, ${settled}, '[]'))
      from asked, filled
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
