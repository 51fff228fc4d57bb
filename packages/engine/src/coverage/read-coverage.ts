import { sql } from 'kysely'
import { localDay } from '../domain/clock.ts'
import type { Coverage, Days, DayState } from '../contract/engine.ts'
import type { ConnectionOf } from '../connections/connection.ts'
import type { Parts } from '../parts.ts'
import { dataTypesOf } from '../sources/data-types.ts'
import { streamDays } from './stream-days.ts'
import { streamsOf } from './streams-of.ts'
import { historyFloor } from '../planning/backfill-floor.ts'

/** What is known of the days of each stream of a source: by state, those of a range. */
export async function readCoverage(
  { database, registry, clock }: Pick<Parts, 'database' | 'registry' | 'clock'>,
  of: ConnectionOf,
  { from, to }: Days,
): Promise<Coverage> {
  return database.asUser(of.userId, async (db) => {
    const { plugin, connection, streams } = await streamsOf(db, registry, of)
    const { time_zone } = await db.selectFrom('users').select('time_zone').executeTakeFirstOrThrow()
    const today = localDay(clock.now(), time_zone)
    const ids = streams.map((stream) => stream.id)
    const floors = ids.map((stream) => historyFloor(plugin, stream, connection.history_from, today))
    const account = { ...of, accountId: connection.account_id ?? '' }
    const { rows } = await sql<{ stream: string; state: DayState; from: string; to: string }>`
      with known as (${streamDays(account, dataTypesOf(plugin, ids))}), said as (
        select stream, state, days from known
        union all
        select s.stream, 'never-asked', datemultirange(daterange(least(s.floor, ${today}::date), ${today}::date, '[]'))
          - coalesce((select range_agg(part) from known k, unnest(k.days) as part where k.stream = s.stream), '{}')
        from unnest(${ids}::text[], ${floors}::date[]) as s (stream, floor)
      )
      select stream, state, lower(part) as "from", upper(part) - 1 as "to"
      from said, unnest(days * datemultirange(daterange(${from}, ${to}, '[]'))) as part
      order by part`.execute(db)
    return {
      plugin: of.sourceId,
      from,
      to,
      streams: streams.map((stream) => ({
        ...stream,
        days: byState(rows.filter((row) => row.stream === stream.id)),
      })),
    }
  })
}

function byState(rows: (Days & { state: DayState })[]): Record<DayState, Days[]> {
  const of = (state: DayState) =>
    rows.filter((row) => row.state === state).map(({ from, to }) => ({ from, to }))
  return {
    'has-data': of('has-data'),
    'had-none': of('had-none'),
    'not-due-yet': of('not-due-yet'),
    failed: of('failed'),
    'never-asked': of('never-asked'),
  }
}
