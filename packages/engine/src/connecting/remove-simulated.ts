import type { Parts } from '../parts.ts'
import { disconnect } from './disconnect.ts'

/**
 * Leaving simulation deletes its data: ends every simulated connection of a source that is simulated no more. Throws the first
 * error at the end; one connection that cannot be ended keeps no other from it.
 */
export async function removeSimulated(parts: Parts): Promise<void> {
  const { database, registry, sourceSettings, log } = parts
  const connections = await database.asSystem((db) =>
    db
      .selectFrom('user_integrations')
      .select(['id', 'user_id', 'source_id'])
      .where('simulated', '=', true)
      .execute(),
  )
  const faults: unknown[] = []
  for (const { id, user_id, source_id } of connections) {
    try {
      const plugin = registry.find(source_id)
      if (plugin && !(await sourceSettings(plugin)).simulated)
        await disconnect(parts, { userId: user_id, sourceId: source_id, connectionId: id }, true, null)
    } catch (error) {
      log.error({ user: user_id, source: source_id, err: error }, 'simulated data could not be removed')
      faults.push(error)
    }
  }
  if (faults.length > 0) throw faults[0]
}
