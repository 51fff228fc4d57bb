import type { PluginDeclaration } from '@tributary/plugin-sdk'
import { sql } from 'kysely'
import { addDays, localDay } from '../domain/clock.ts'
import { importingStates, isGranted } from '../connections/connection.ts'
import type { Transaction } from '../database/database.ts'
import { dataTypesOf } from '../sources/data-types.ts'
import { historyFloor } from '../planning/backfill-floor.ts'
import { requestImport } from './request-import.ts'

/** Short enough that a chunk takes seconds and a person's request goes in between; whole windows of 30 and 90 days. */
const chunkDays = 90

/** Asks for the newest days within the connection's depth that were never asked for, if there are any. */
export async function requestBackfill(
  db: Transaction,
  plugin: PluginDeclaration,
  connectionId: string,
  now: Temporal.Instant,
): Promise<void> {
  const connection = await db
    .selectFrom('user_integrations')
    .innerJoin('users', 'users.id', 'user_integrations.user_id')
    .selectAll('user_integrations')
    .select('time_zone')
    .where('user_integrations.id', '=', connectionId)
    .where('enabled', '=', true)
    .where('state', 'in', importingStates)
    .where('history_paused', '=', false)
    .executeTakeFirst()
  if (!connection) return
  const { user_id, source_id, account_id, history_from, disabled_streams, time_zone } = connection
  const today = localDay(now, time_zone)
  const streams = Object.entries(plugin.streams)
    .filter(([id, stream]) => !disabled_streams.includes(id) && isGranted(stream, connection))
    .map(([id]) => id)
  const types = dataTypesOf(plugin, streams)
  const floors = types.map(({ stream }) => historyFloor(plugin, stream, history_from, today))
  // The first days of a data type that was never asked at all come by a connection or a sync.
  const { rows } = await sql<{ last: string | null }>`
    with known as (
      select c.stream, c.data_type, range_agg(part) as days
      from coverage c, unnest(c.days) as part
      where c.user_id = ${user_id} and c.source_id = ${source_id} and c.account_id = ${account_id}
      group by c.stream, c.data_type
    )
    select max(upper(gap)) - 1 as last
    from unnest(${types.map(({ stream }) => stream)}::text[], ${types.map(({ dataType }) => dataType)}::text[],
        ${floors}::date[]) as t (stream, data_type, floor) join known using (stream, data_type),
      unnest(datemultirange(daterange(t.floor, ${today}::date, '[]')) - known.days) as gap`.execute(db)
  const last = rows[0]?.last
  if (!last) return
  const first = addDays(last, 1 - chunkDays)
  const from = first > history_from ? first : history_from
  await requestImport(db, { connection, trigger: 'history', selection: 'never-fetched', from, to: last, now })
}
