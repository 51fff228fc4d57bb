import type { Transaction } from '../database/database.ts'
import type { PluginStatus } from '../contract/engine.ts'
import { openStates } from './remap.ts'

/** The remaps of a user that go on or wait for a word, by connection. */
export async function readOpenRemaps(
  db: Transaction,
  userId: string,
): Promise<Map<string, PluginStatus['remap']>> {
  const rows = await db
    .selectFrom('remaps')
    .select(['connection_id', 'status', 'because'])
    .where('user_id', '=', userId)
    .where('status', 'in', openStates)
    .execute()
  return new Map(rows.map(({ connection_id, status, because }) => [connection_id, { status, because }]))
}
