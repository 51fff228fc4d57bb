import { sql } from 'kysely'
import type { ConnectionOf } from '../connections/connection.ts'
import type { Parts } from '../parts.ts'
import { beginRemap } from './remaps.ts'

/**
 * Begins to compare the stored answers of every connection that an older mapping of its plugin read; once for each
 * version, so that who left everything as it is is not asked again. A connection for which that fails is logged and keeps no
 * other from it.
 */
export async function beginOutdatedRemaps(parts: Parts): Promise<void> {
  const { database, registry, log } = parts
  for (const { plugin } of registry.handlers.values()) {
    const { id, mappingVersion = 1 } = plugin
    if (mappingVersion === 1) continue
    const connections = await database.asSystem((db) =>
      db.selectFrom('user_integrations').select(['id', 'user_id']).where('source_id', '=', id).execute(),
    )
    for (const { id: connectionId, user_id: userId } of connections) {
      try {
        await beginOutdated(parts, { userId, sourceId: id, connectionId }, mappingVersion)
      } catch (err) {
        log.error(
          { user: userId, source: id, err },
          'stored answers of an older mapping could not be compared',
        )
      }
    }
  }
}

async function beginOutdated(parts: Parts, of: ConnectionOf, mappingVersion: number): Promise<void> {
  const { rows } = await parts.database.asUser(of.userId, (db) =>
    sql`
      select from user_integrations c where c.id = ${of.connectionId}::uuid and c.user_id = ${of.userId}
        and exists (select from fetches f where f.user_id = c.user_id and f.source_id = c.source_id
          and f.account_id = c.account_id and f.mapping_version < ${mappingVersion})
        and not exists (select from remaps r where r.connection_id = c.id and r.account_id = c.account_id
          and r.mapping_version >= ${mappingVersion})`.execute(db),
  )
  if (rows.length > 0) await beginRemap(parts, of, 'mapping')
}
