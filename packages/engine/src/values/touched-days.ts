import { sql } from 'kysely'
import type { Transaction } from '../database/database.ts'
import type { DayRange } from '../domain/day-ranges.ts'

/**
 * The days on which a source has values of a user, or one layer of them, as ranges without gaps: those of daily records, and
 * around each measurement's start every day that it may belong to, whatever the zone is and was. Days between are left out,
 * however far apart the first and the last are.
 */
export async function touchedDays(
  db: Transaction,
  { userId, sourceId, layers }: { userId: string; sourceId: string; layers?: number[] },
): Promise<DayRange[]> {
  const { rows } = await sql<DayRange>`
    with recursive own as (
      select id from series where user_id = ${userId} and source_id = ${sourceId}
        and ${layers ? sql`layer = any(${layers}::integer[])` : sql`true`}
    ), starts as (
      -- From the first measurement of a UTC day straight to the next day's, by the index.
      select own.id, (select min(start_at) from measurements m where m.series_id = own.id) as at from own
      union all
      select id, (select min(start_at) from measurements m where m.series_id = starts.id
        and m.start_at >= date_trunc('day', starts.at, 'UTC') + interval '1 day')
      from starts where at is not null
    ), days as (
      select distinct (at at time zone 'UTC')::date + apart as day
      -- A local day is at most one day from the UTC day; what belongs to the day of its end lasts two days at most.
      from (select distinct date_trunc('day', at, 'UTC') as at from starts where at is not null) as starts,
        generate_series(-1, 3) as apart
      union
      select r.day from daily_records r where r.series_id in (select id from own)
    )
    select lower(range)::text as "from", (upper(range) - 1)::text as "to"
    from (
      select unnest(range_agg(daterange(day, day + 1))) as range from days
      where day between '0001-01-01' and '9999-12-30'
    ) as ranges
    order by 1`.execute(db)
  return rows
}
