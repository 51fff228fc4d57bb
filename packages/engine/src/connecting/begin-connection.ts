import type { PluginDeclaration } from '@tributary/plugin-sdk'
import { addDays, localDay } from '../domain/clock.ts'
import type { Transaction } from '../database/database.ts'

const defaultDepthDays = 365

/** Makes the row of a connection to a source, not connected yet; none where the user has one that has no account yet. */
export async function beginConnection(
  db: Transaction,
  userId: string,
  plugin: PluginDeclaration,
  now: Temporal.Instant,
  name: string | null = null,
): Promise<void> {
  await db
    .insertInto('user_integrations')
    .values({
      user_id: userId,
      source_id: plugin.id,
      name,
      state: 'disconnected',
      created_at: now.toString(),
      history_from: addDays(localDay(now, 'UTC'), -defaultDepthDays),
      disabled_streams: Object.keys(plugin.streams).filter((stream) => plugin.streams[stream]?.optional),
    })
    .onConflict((conflict) =>
      conflict.columns(['user_id', 'source_id']).where('account_id', 'is', null).doNothing(),
    )
    .execute()
}
