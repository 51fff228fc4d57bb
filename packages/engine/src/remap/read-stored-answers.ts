import { sql } from 'kysely'
import { type ConnectionOf, readConnection } from '../connections/connection.ts'
import type { StoredAnswers } from '../contract/engine.ts'
import type { Parts } from '../parts.ts'
import { Problem } from '../domain/problem.ts'

/** How much is stored of a connection's answers; files that were uploaded are not among them. */
export async function readStoredAnswers(
  { database, registry }: Pick<Parts, 'database' | 'registry'>,
  { userId, sourceId: pluginId, connectionId }: ConnectionOf,
): Promise<StoredAnswers> {
  if (!registry.find(pluginId)) throw new Problem(404, 'unknown-plugin', 'There is no such source.')
  return database.asUser(userId, async (db) => {
    const connection = await readConnection(db, { userId, sourceId: pluginId, connectionId })
    if (!connection) throw new Problem(404, 'not-connected', 'This source is not connected.')
    const { rows } = await sql<StoredAnswers>`
      with pages as (
        select p.fetch_id, p.hash from fetches f join raw_pages p on p.fetch_id = f.id
        where f.user_id = ${userId} and f.source_id = ${pluginId} and f.account_id = ${connection.account_id}
          and f.upload_id is null
      )
      select (select count(distinct fetch_id)::integer from pages) as fetches,
        (select count(*)::integer from pages) as pages,
        coalesce(sum(body_bytes), 0)::float8 as bytes,
        coalesce(sum(octet_length(body)), 0)::float8 as "compressedBytes"
      from raw_bodies where user_id = ${userId} and hash in (select hash from pages)`.execute(db)
    return rows[0] ?? { fetches: 0, pages: 0, bytes: 0, compressedBytes: 0 }
  })
}
