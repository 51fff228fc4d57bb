import { audit } from '../audit/audit.ts'
import type { Transaction } from '../database/database.ts'
import { allKinds, always, rollUpKinds } from '../import-run/roll-up-kinds.ts'
import type { Parts } from '../parts.ts'
import { Problem } from '../problem.ts'
import { type Connection, isLive, readConnection } from './connection.ts'
import { openCredentials } from './credentials.ts'
import { oauthHelper } from './oauth.ts'
import { cancelJobs } from '../jobs/cancel-jobs.ts'

/** Ends a connection: jobs cancelled, credentials gone here and revoked at the provider, the data kept or removed. */
export async function disconnect(
  parts: Parts,
  userId: string,
  id: string,
  deleteData: boolean,
  /** Who wished it; `null`: the app itself. */
  by: string | null = userId,
): Promise<void> {
  const { database, clock } = parts
  if (!parts.registry.find(id)) throw new Problem(404, 'unknown-plugin', 'There is no such source.')
  const before = await database.asUser(userId, async (db) => {
    const connection = await readConnection(db, userId, id)
    if (!connection) throw new Problem(404, 'not-connected', 'This source is not connected.')
    await cancelJobs(db, { connection_id: connection.id }, 'The source was disconnected.', clock.now())
    await db
      .updateTable('user_integrations')
      .set({
        state: 'disconnected',
        reason: null,
        credentials: null,
        access_expires_at: null,
        scopes: null,
        ...(deleteData ? { account_id: null, last_sync_at: null } : {}),
        updated_at: clock.now().toString(),
      })
      .where('id', '=', connection.id)
      .execute()
    if (deleteData) await removeData(db, userId, id)
    await audit(db, {
      action: 'connection.disconnected',
      actor: by,
      subject: userId,
      source: id,
      details: { data: deleteData ? 'removed' : 'kept' },
    })
    return connection
  })
  await revoke(parts, before)
}

/** Removes all that a source ever gave to a user, and makes the kinds anew without it. */
async function removeData(db: Transaction, userId: string, id: string): Promise<void> {
  await db.deleteFrom('series').where('user_id', '=', userId).where('source_id', '=', id).execute()
  await db.deleteFrom('uploads').where('user_id', '=', userId).where('source_id', '=', id).execute()
  await db.deleteFrom('source_fields').where('user_id', '=', userId).where('source_id', '=', id).execute()
  await db.deleteFrom('fetches').where('user_id', '=', userId).where('source_id', '=', id).execute()
  await db.deleteFrom('coverage').where('user_id', '=', userId).where('source_id', '=', id).execute()
  await db.deleteFrom('daily_metric_values').where('user_id', '=', userId).where('source', '=', id).execute()
  await rollUpKinds(db, userId, await allKinds(db), always)
}

/** Tells the provider; if it does not hear, the tokens are gone here all the same. */
async function revoke(parts: Parts, connection: Connection): Promise<void> {
  const plugin = parts.registry.find(connection.source_id)
  if (!plugin || !isLive(connection)) return
  try {
    const settings = await parts.sourceSettings(plugin)
    if (settings.simulated !== connection.simulated) return
    const { accessToken, refreshToken } = await parts.database.asUser(connection.user_id, (db) =>
      openCredentials(db, parts.sealer, connection),
    )
    await oauthHelper(plugin, settings, parts.clock).revoke(refreshToken ?? accessToken)
  } catch (error) {
    parts.log.warn(
      { source: plugin.id, code: (error as { code?: string }).code },
      'a token could not be revoked',
    )
  }
}
