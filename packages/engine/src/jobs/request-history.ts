import { sql } from 'kysely'
import { addDays, localDay } from '../clock.ts'
import type { Transaction } from '../database/database.ts'
import { requestImport } from './request-import.ts'

/** Short enough that a chunk takes seconds and a person's wish goes in between. */
const chunkDays = 100

/** Asks for the newest days within the connection's depth that were never asked for, if there are any. */
export async function requestHistory(
  db: Transaction,
  connectionId: string,
  now: Temporal.Instant,
): Promise<void> {
  const connection = await db
    .selectFrom('user_integrations')
    .innerJoin('users', 'users.id', 'user_integrations.user_id')
    .select([
      'user_integrations.id',
      'user_integrations.user_id',
      'user_integrations.source_id',
      'account_id',
      'disabled_streams',
      'history_from',
      'time_zone',
    ])
    .where('user_integrations.id', '=', connectionId)
    .where('enabled', '=', true)
    .where('state', '=', 'connected')
    .executeTakeFirst()
  if (!connection) return
  const today = localDay(now, connection.time_zone)
  const { rows } = await sql<{ last: string | null }>`
    select max(upper(gap)) - 1 as last
    from (select distinct stream from source_fields where source_id = ${connection.source_id} and stream is not null) s,
      unnest(datemultirange(daterange(${connection.history_from}, ${today}, '[]')) -
        coalesce((select range_agg(known) from coverage c, unnest(c.days) as known
          where c.user_id = ${connection.user_id} and c.source_id = ${connection.source_id}
            and c.account_id = ${connection.account_id} and c.stream = s.stream), '{}')) as gap
    where s.stream <> all(${connection.disabled_streams}) and s.stream = any(select stream from coverage c where c.user_id = ${connection.user_id}
      and c.source_id = ${connection.source_id} and c.account_id = ${connection.account_id})`.execute(db)
  const last = rows[0]?.last
  if (!last) return
  const first = addDays(last, 1 - chunkDays)
  await requestImport(db, {
    connection,
    trigger: 'history',
    from: first > connection.history_from ? first : connection.history_from,
    to: last,
    now,
  })
}
