import type { PluginDeclaration } from '@tributary/plugin-sdk'
import type { Parts } from '../parts.ts'
import { Problem } from '../domain/problem.ts'
import { readConnection } from '../connections/connection.ts'
import { beginConnection } from './begin-connection.ts'

/** Keeps why a source refused to be connected, for its card: the browser comes back with a code alone. */
export async function recordRefusal(
  { database, clock }: Parts,
  userId: string,
  plugin: PluginDeclaration,
  error: unknown,
): Promise<void> {
  if (!(error instanceof Problem) || error.code !== 'refused') return
  await database.asUser(userId, async (db) => {
    const of = { userId, sourceId: plugin.id }
    if (!(await readConnection(db, of))) await beginConnection(db, userId, plugin, clock.now())
    const first = await readConnection(db, of)
    await db
      .updateTable('user_integrations')
      .set({ reason: `Connecting did not work. ${error.message}`, updated_at: clock.now().toString() })
      .where('id', '=', first?.id ?? '')
      .execute()
  })
}
