import type { Parts } from '../parts.ts'
import { createRemaps } from './remaps.ts'

/** Begins to compare the stored answers of every connection that an older mapping of its plugin read. */
export async function beginOutdatedRemaps(parts: Parts): Promise<void> {
  const { database, registry } = parts
  const remaps = createRemaps(parts)
  for (const { plugin } of registry.handlers.values()) {
    const { id, mappingVersion = 1 } = plugin
    if (mappingVersion === 1) continue
    const connections = await database.asSystem((db) =>
      db.selectFrom('user_integrations').select('user_id').where('source_id', '=', id).execute(),
    )
    for (const { user_id: userId } of connections) {
      const outdated = await database.asUser(userId, (db) =>
        db
          .selectFrom('fetches')
          .select('id')
          .where('user_id', '=', userId)
          .where('source_id', '=', id)
          .where('mapping_version', '<', mappingVersion)
          .limit(1)
          .executeTakeFirst(),
      )
      if (outdated) await remaps.begin(userId, id)
    }
  }
}
