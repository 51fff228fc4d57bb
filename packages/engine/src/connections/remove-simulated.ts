import type { Parts } from '../parts.ts'
import { disconnect } from './disconnect.ts'

/** Leaving simulation deletes its data: ends every simulated connection of a source that is simulated no more. */
export async function removeSimulated(parts: Parts): Promise<void> {
  const { database, registry, sourceSettings } = parts
  const connections = await database.asSystem((db) =>
    db
      .selectFrom('user_integrations')
      .select(['user_id', 'source_id'])
      .where('simulated', '=', true)
      .execute(),
  )
  for (const { user_id, source_id } of connections) {
    const plugin = registry.find(source_id)
    if (plugin && !(await sourceSettings(plugin)).simulated)
      await disconnect(parts, user_id, source_id, true, null)
  }
}
