import { sql } from 'kysely'
import { localDay } from '../domain/clock.ts'
import type { Transaction } from '../database/database.ts'
import type { Parts } from '../parts.ts'
import { dataTypesOf, type StreamDataType } from '../sources/data-types.ts'
import { wantedStreams } from '../planning/wanted-streams.ts'
import { isOpen } from './job-states.ts'
import { requestImport } from './request-import.ts'
import { historyFloor } from '../planning/backfill-floor.ts'
import { lockForUser } from '../database/locks.ts'

/**
 * Asks for the import of a day that somebody looks at, where a stream of a connection that would be asked was never asked
 * for it and it lies within its depth; gives the sources whose values are on their way. A day that a job already covers
 * asks for none.
 */
export async function requestViewedDay(parts: Parts, userId: string, day: string): Promise<string[]> {
  const { database, clock } = parts
  return database.asUser(userId, async (db) => {
    // Of two requests at the same moment the second sees what the first requested.
    await lockForUser(db, userId, 'viewed days')
    const { time_zone } = await db.selectFrom('users').select('time_zone').executeTakeFirstOrThrow()
    const today = localDay(clock.now(), time_zone)
    if (day > today) return []
    const types = await dataTypesOfDay(db, parts, { userId, day, today })
    const lacking = await findLacking(db, userId, day, types)
    for (const { id, source_id, streams, underway } of lacking) {
      if (underway) continue
      const connection = { id, source_id, user_id: userId }
      const days = { from: day, to: day }
      await requestImport(db, {
        connection,
        trigger: 'view',
        selection: 'days',
        streams,
        ...days,
        now: clock.now(),
      })
    }
    return lacking.map(({ source_id }) => source_id)
  })
}

interface Lacking {
  id: string
  source_id: string
  /** The streams that were never fetched for the day. */
  streams: string[]
  /** Whether a job that has not ended fetches them. */
  underway: boolean
}

/** The connections of which some data types were never fetched for a day. */
async function findLacking(
  db: Transaction,
  userId: string,
  day: string,
  types: (StreamDataType & { id: string })[],
): Promise<Lacking[]> {
  const { rows } = await sql<Lacking>`
    with lacking as (
      select c.id, c.source_id, c.created_at, array_agg(distinct t.stream) as streams
      from unnest(${types.map(({ id }) => id)}::uuid[], ${types.map(({ stream }) => stream)}::text[],
        ${types.map(({ dataType }) => dataType)}::text[]) as t (id, stream, data_type)
      join user_integrations c on c.id = t.id and c.user_id = ${userId}
      where not exists (
        select from coverage k where k.user_id = c.user_id and k.source_id = c.source_id
          and k.account_id = c.account_id and k.stream = t.stream and k.data_type = t.data_type
          and k.days @> ${day}::date)
      group by c.id, c.source_id, c.created_at
    )
    select id, source_id, streams, exists (
      select from import_jobs j where j.connection_id = lacking.id and ${isOpen}
        and ${day} between j.from_day and j.to_day and (j.streams is null or j.streams @> lacking.streams)) as underway
    from lacking order by created_at, id`.execute(db)
  return rows
}

/** The data types of a user's connections that may be asked for a day: what is not allowed or given no more never comes. */
async function dataTypesOfDay(
  db: Transaction,
  { registry }: Pick<Parts, 'registry'>,
  { userId, day, today }: { userId: string; day: string; today: string },
): Promise<(StreamDataType & { id: string })[]> {
  const connections = await db
    .selectFrom('user_integrations')
    .selectAll()
    .where('user_id', '=', userId)
    .where('enabled', '=', true)
    .where('state', 'in', ['connected', 'retrying'])
    .execute()
  return connections.flatMap((connection) => {
    const plugin = registry.find(connection.source_id)
    if (!plugin) return []
    const streams = wantedStreams(plugin, connection).granted.filter(
      (stream) => historyFloor(plugin, stream, connection.history_from, today) <= day,
    )
    return dataTypesOf(plugin, streams).map((type) => ({ id: connection.id, ...type }))
  })
}
