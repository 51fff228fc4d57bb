import { ImportError, importErrorCode, type PluginDeclaration, type TokenSet } from '@tributary/plugin-sdk'
import { audit } from '../audit/audit.ts'
import type { Clock } from '../domain/clock.ts'
import type { Database, Transaction } from '../database/database.ts'
import { limitAtOnce } from '../runtime/limit-at-once.ts'
import type { Outgoing } from '../outgoing/outgoing.ts'
import type { Sealer } from '../secrets/sealer.ts'
import { callPlugin } from '../sources/call-plugin.ts'
import type { Registry } from '../sources/registry.ts'
import type { ReadSourceSettings } from '../sources/source-settings.ts'
import { type Connection, isLive, type LiveConnection } from './connection.ts'
import { credentialColumns, openCredentials } from './credentials.ts'
import { explainEnd } from './early-end.ts'
import { oauthHelper } from './oauth.ts'

/** How long before its end a token counts as ended, so that it does not end on the way. */
const margin = { seconds: 60 }

/** Each holds a connection to the database while its provider answers; the others are for everything else. */
const refreshesAtOnce = 4

export interface AccessTokens {
  /** A token or key that is good for now; `refused`: the one that the source just refused. */
  get(connection: ConnectionKey, plugin: PluginDeclaration, refused?: string): Promise<string>
  /** The tokens as they are stored, for a plugin that reads its own secrets; renewed first where they have ended. */
  tokens(connection: ConnectionKey, plugin: PluginDeclaration): Promise<TokenSet>
}

interface ConnectionKey {
  id: string
  user_id: string
}

interface Parts {
  database: Database
  registry: Registry
  sealer: Sealer
  clock: Clock
  sourceSettings: ReadSourceSettings
  outgoing: Outgoing
}

/**
 * Gives access tokens, refreshed where needed: one refresh per connection at a time, by the row's lock across processes
 * and by one shared promise within this one, and committed before any caller gets the new token.
 */
export function createAccessTokens({
  database,
  registry,
  sealer,
  clock,
  sourceSettings,
  outgoing,
}: Parts): AccessTokens {
  const refreshing = new Map<string, Promise<string>>()
  const oneOfFew = limitAtOnce(refreshesAtOnce)

  async function usable(
    db: Transaction,
    connection: LiveConnection,
    refused: string | undefined,
  ): Promise<string | undefined> {
    const { accessToken } = await openCredentials(db, sealer, connection)
    const ends = connection.access_expires_at
    const fresh = ends === null || Temporal.Instant.compare(clock.now().add(margin), ends) < 0
    return fresh && accessToken !== refused ? accessToken : undefined
  }

  async function refresh(
    userId: string,
    id: string,
    plugin: PluginDeclaration,
    refused: string | undefined,
  ): Promise<string> {
    const helper = oauthHelper({ clock, outgoing }, plugin, await sourceSettings(plugin))
    return database.asUser(userId, async (db) => {
      const connection = live(
        await db
          .selectFrom('user_integrations')
          .selectAll()
          .where('id', '=', id)
          .forUpdate()
          .executeTakeFirst(),
      )
      const renewedMeanwhile = await usable(db, connection, refused)
      if (renewedMeanwhile !== undefined) return renewedMeanwhile
      const { accessToken, refreshToken } = await openCredentials(db, sealer, connection)
      if (refreshToken === null) {
        throw new ImportError(
          'reauthorize',
          `${plugin.name} gave no way to renew this authorization; connect again.`,
        )
      }
      const tokens = await callPlugin(plugin.name, 'renewing the authorization', () =>
        registry.handler(plugin.id).refreshTokens(helper, { accessToken, refreshToken }),
      ).catch((error: unknown) => {
        throw explainEnd(plugin, connection, clock.now(), error)
      })
      // A token that is not replaced keeps its end.
      const refreshExpiresAt =
        tokens.refreshExpiresAt ??
        (tokens.refreshToken === refreshToken ? connection.refresh_expires_at : null)
      await db
        .updateTable('user_integrations')
        .set({
          ...(await credentialColumns(db, sealer, connection, { ...tokens, refreshExpiresAt })),
          updated_at: clock.now().toString(),
        })
        .where('id', '=', id)
        .execute()
      return tokens.accessToken
    })
  }

  async function read(db: Transaction, { id }: ConnectionKey): Promise<LiveConnection> {
    return live(await db.selectFrom('user_integrations').selectAll().where('id', '=', id).executeTakeFirst())
  }

  async function get(
    connection: ConnectionKey,
    plugin: PluginDeclaration,
    refused?: string,
  ): Promise<string> {
    const token = await database.asUser(connection.user_id, async (db) =>
      usable(db, await read(db, connection), refused),
    )
    if (token !== undefined) return token
    if (plugin.auth.type !== 'oauth2') {
      throw new ImportError('reauthorize', `${plugin.name} no longer accepts this key; enter another.`)
    }
    const { id, user_id } = connection
    const underway = refreshing.get(id)
    if (underway) {
      const token = await underway
      // Where another process had renewed it before, it may be the very one that was refused here.
      return token === refused ? get(connection, plugin, refused) : token
    }
    const promise = oneOfFew(() => refresh(user_id, id, plugin, refused))
      .catch((error: unknown) => recordRefusal(database, user_id, plugin, error))
      .finally(() => refreshing.delete(id))
    refreshing.set(id, promise)
    return promise
  }

  return {
    get,
    async tokens(connection, plugin) {
      await get(connection, plugin)
      return database.asUser(connection.user_id, async (db) => {
        const stored = await read(db, connection)
        const {
          account_id: accountId,
          access_expires_at: expiresAt,
          refresh_expires_at: refreshExpiresAt,
          scopes,
        } = stored
        return {
          ...(await openCredentials(db, sealer, stored)),
          accountId,
          expiresAt,
          refreshExpiresAt,
          scopes,
        }
      })
    },
  }
}

/** A renewal that the source refused ends in asking the user to connect again. */
async function recordRefusal(
  database: Database,
  userId: string,
  { id }: PluginDeclaration,
  error: unknown,
): Promise<never> {
  if (importErrorCode(error) === 'reauthorize')
    await database.asUser(userId, (db) =>
      audit(db, { action: 'connection.refused', actor: null, subject: userId, source: id }),
    )
  throw error
}

function live(connection: Connection | undefined): LiveConnection {
  if (connection && isLive(connection)) return connection
  throw new ImportError('reauthorize', 'The connection has no credentials; connect again.')
}
