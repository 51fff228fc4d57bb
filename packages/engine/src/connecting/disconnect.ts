import { ImportError, type PluginDeclaration } from '@tributary/plugin-sdk'
import { audit } from '../audit/audit.ts'
import { patient } from '../database/database.ts'
import { removeData } from './remove-data.ts'
import type { Parts } from '../parts.ts'
import { Problem } from '../domain/problem.ts'
import { type ConnectionOf, isLive, type LiveConnection, readConnection } from '../connections/connection.ts'
import { openCredentials } from '../connections/credentials.ts'
import { oauthHelper } from '../connections/oauth.ts'
import { revokeTokens } from './revoke-tokens.ts'
import { cancelJobs } from '../jobs/cancel-jobs.ts'
import { lockBodies, lockValues } from '../database/locks.ts'

/**
 * Ends a connection: jobs cancelled, credentials gone here and revoked at the provider, the data kept or removed. Where
 * the provider could not be told, the credentials are gone all the same, and the notice says what is left to do.
 */
export async function disconnect(
  parts: Parts,
  of: ConnectionOf,
  deleteData: boolean,
  /** Who requested it; `null`: the app itself. */
  by: string | null = of.userId,
): Promise<{ notice: string | null }> {
  const { clock } = parts
  const { userId, sourceId: id } = of
  const database = deleteData ? patient(parts.database) : parts.database
  const plugin = parts.registry.find(id)
  if (!plugin) throw new Problem(404, 'unknown-plugin', 'There is no such source.')
  if (deleteData) await endImports(parts, of)
  const before = await database.asUser(userId, async (db) => {
    const known = await readConnection(db, of)
    if (!known) throw new Problem(404, 'not-connected', 'This source is not connected.')
    // Before anything is locked: whoever writes values or pages ends first, or begins when all is gone.
    if (deleteData) {
      await lockValues(db, userId, id)
      await lockBodies(db, userId)
    }
    await cancelJobs(db, { connection_id: known.id }, 'The source was disconnected.', clock.now())
    // A refresh that is under way ends first: its tokens are those to revoke.
    const connection = await db
      .selectFrom('user_integrations')
      .selectAll()
      .where('id', '=', known.id)
      .forUpdate()
      .executeTakeFirstOrThrow()
    await db
      .updateTable('user_integrations')
      .set({
        state: 'disconnected',
        reason: null,
        credentials: null,
        access_expires_at: null,
        refresh_expires_at: null,
        scopes: null,
        updated_at: clock.now().toString(),
      })
      .where('id', '=', connection.id)
      .execute()
    if (deleteData) await removeData(db, connection)
    await audit(db, {
      action: 'connection.disconnected',
      actor: by,
      subject: userId,
      source: id,
      details: { data: deleteData ? 'removed' : 'kept' },
    })
    return connection
  })
  if (plugin.auth.type !== 'oauth2' || !isLive(before)) return { notice: null }
  if (await revokeTokens(parts, plugin, () => revoke(parts, plugin, before))) return { notice: null }
  return {
    notice: `${plugin.name} could not be told. Your access is gone here; remove this app in your ${plugin.name} account as well.`,
  }
}

/**
 * Cancels what runs, for good before anything is removed: an import that has written and looks last whether it may would else
 * wait for this, and this for the rows that it wrote.
 */
async function endImports({ database, clock }: Parts, of: ConnectionOf): Promise<void> {
  await database.asUser(of.userId, async (db) => {
    const known = await readConnection(db, of)
    if (known) await cancelJobs(db, { connection_id: known.id }, 'The source was disconnected.', clock.now())
  })
}

/** Tells the provider; throws where it cannot be asked or did not take it. */
async function revoke(parts: Parts, plugin: PluginDeclaration, connection: LiveConnection): Promise<void> {
  const settings = await parts.sourceSettings(plugin)
  if (settings.simulated !== connection.simulated)
    throw new ImportError(
      'misconfigured',
      'The connection was made while this source was simulated, or was not.',
    )
  const helper = oauthHelper(parts, plugin, settings)
  const kept = await parts.database.asUser(connection.user_id, (db) =>
    openCredentials(db, parts.sealer, connection),
  )
  const { access_expires_at: ends } = connection
  const ended = ends !== null && Temporal.Instant.compare(ends, parts.clock.now()) <= 0
  // Where the access token itself is what revokes, one that has ended does not.
  const ownWay = plugin.auth.type === 'oauth2' && plugin.auth.revocation !== undefined
  const tokens =
    ownWay && ended && kept.refreshToken !== null ? await helper.refresh(kept.refreshToken) : kept
  await helper.revoke(tokens)
}
