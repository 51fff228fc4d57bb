import { ImportError, type PluginDeclaration } from '@tributary/plugin-sdk'
import type { Clock } from '../clock.ts'
import type { Database } from '../database/database.ts'
import type { Sealer } from '../secrets/sealer.ts'
import type { ReadSourceSettings } from '../sources/source-settings.ts'
import { type Connection, isLive, type LiveConnection } from './connection.ts'
import { credentialColumns, openCredentials } from './credentials.ts'
import { oauthHelper } from './oauth.ts'

/** How long before its end a token counts as ended, so that it does not end on the way. */
const margin = { seconds: 60 }

export interface AccessTokens {
  /** A token that is good for now; `refused`: the one that the source just refused. */
  get(
    connection: { id: string; user_id: string },
    plugin: PluginDeclaration,
    refused?: string,
  ): Promise<string>
}

interface Parts {
  database: Database
  sealer: Sealer
  clock: Clock
  sourceSettings: ReadSourceSettings
}

/**
 * Gives access tokens, refreshed where needed: one refresh per connection at a time, by the row's lock across processes
 * and by one shared promise within this one, and committed before any caller gets the new token.
 */
export function createAccessTokens({ database, sealer, clock, sourceSettings }: Parts): AccessTokens {
  const refreshing = new Map<string, Promise<string>>()

  function usable(connection: LiveConnection, refused: string | undefined): string | undefined {
    const { accessToken } = openCredentials(sealer, connection)
    const ends = connection.access_expires_at
    const fresh = ends === null || Temporal.Instant.compare(clock.now().add(margin), ends) < 0
    return fresh && accessToken !== refused ? accessToken : undefined
  }

  function refresh(
    userId: string,
    id: string,
    plugin: PluginDeclaration,
    refused: string | undefined,
  ): Promise<string> {
    return database.asUser(userId, async (db) => {
      const connection = live(
        await db
          .selectFrom('user_integrations')
          .selectAll()
          .where('id', '=', id)
          .forUpdate()
          .executeTakeFirst(),
      )
      const renewedMeanwhile = usable(connection, refused)
      if (renewedMeanwhile !== undefined) return renewedMeanwhile
      const { refreshToken } = openCredentials(sealer, connection)
      if (refreshToken === null) {
        throw new ImportError(
          'reauthorize',
          `${plugin.name} gave no way to renew this authorization; connect again.`,
        )
      }
      const tokens = await oauthHelper(plugin, await sourceSettings(plugin), clock).refresh(refreshToken)
      await db
        .updateTable('user_integrations')
        .set({ ...credentialColumns(sealer, connection, tokens), updated_at: clock.now().toString() })
        .where('id', '=', id)
        .execute()
      return tokens.accessToken
    })
  }

  return {
    async get({ id, user_id }, plugin, refused) {
      const connection = await database.asUser(user_id, (db) =>
        db.selectFrom('user_integrations').selectAll().where('id', '=', id).executeTakeFirst(),
      )
      const token = usable(live(connection), refused)
      if (token !== undefined) return token
      const underway = refreshing.get(id)
      if (underway) return underway
      const promise = refresh(user_id, id, plugin, refused).finally(() => refreshing.delete(id))
      refreshing.set(id, promise)
      return promise
    },
  }
}

function live(connection: Connection | undefined): LiveConnection {
  if (connection && isLive(connection)) return connection
  throw new ImportError('reauthorize', 'The connection has no credentials; connect again.')
}
