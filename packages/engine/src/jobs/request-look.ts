import { sql } from 'kysely'
import { localDay } from '../clock.ts'
import type { Parts } from '../parts.ts'
import { wantedStreams } from './plan-ranges.ts'
import { historyFloor } from './request-history.ts'
import { requestImport } from './request-import.ts'

/**
 * Asks for the import of a day that somebody looks at, where a stream of a connection that would be asked was never asked
 * for it and it lies within its depth; gives the sources whose values are on their way. A day that a job already covers
 * asks for none.
 */
export async function requestLook(
  { database, clock, registry }: Pick<Parts, 'database' | 'clock' | 'registry'>,
  userId: string,
  day: string,
): Promise<string[]> {
  return database.asUser(userId, async (db) => {
    // Of two looks at the same moment the second sees what the first asked for.
    await sql`select pg_advisory_xact_lock(hashtext('look ' || ${userId}))`.execute(db)
    const { time_zone } = await db.selectFrom('users').select('time_zone').executeTakeFirstOrThrow()
    const today = localDay(clock.now(), time_zone)
    if (day > today) return []
    const connections = await db
      .selectFrom('user_integrations')
      .selectAll()
      .where('user_id', '=', userId)
      .where('enabled', '=', true)
      .where('state', 'in', ['connected', 'retrying'])
      .where('history_from', '<=', day)
      .execute()
    const wanted = connections.flatMap((connection) => {
      const plugin = registry.find(connection.source_id)
      if (!plugin) return []
      return wantedStreams(plugin, connection)
        .granted.filter((stream) => historyFloor(plugin, stream, connection.history_from, today) <= day)
        .map((stream) => ({ id: connection.id, stream }))
    })
    const { rows } = await sql<{ id: string; source_id: string; underway: boolean }>`
      select c.id, c.source_id, exists (select from import_jobs j where j.connection_id = c.id
        and j.status in ('queued', 'running', 'waiting', 'retrying') and ${day} between j.from_day and j.to_day) as underway
      from user_integrations c
      where exists (
        select from unnest(${wanted.map(({ id }) => id)}::uuid[], ${wanted.map(({ stream }) => stream)}::text[]) as w (id, stream)
        where w.id = c.id and not exists (
          select from coverage k where k.user_id = c.user_id and k.source_id = c.source_id
            and k.account_id = c.account_id and k.stream = w.stream and k.days @> ${day}::date))
      order by c.created_at, c.id`.execute(db)
    for (const { id, source_id, underway } of rows) {
      if (underway) continue
      const connection = { id, source_id, user_id: userId }
      const days = { from: day, to: day }
      await requestImport(db, { connection, trigger: 'look', asks: 'days', ...days, now: clock.now() })
    }
    return rows.map(({ source_id }) => source_id)
  })
}
