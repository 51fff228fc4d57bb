import { createHash } from 'node:crypto'
import { OAuth2Helper } from '@tributary/plugin-sdk'
import type { SignedIn } from '../contract/engine.ts'
import type { Parts } from '../parts.ts'
import { Problem } from '../domain/problem.ts'
import { readConnection } from '../connections/connection.ts'
import { newConnection } from './store-connection.ts'
import type { UserPlace } from '../secrets/sealer.ts'
import { sealForUser } from '../secrets/user-secrets.ts'
import { oauthHelper } from '../connections/oauth.ts'

const flowMinutes = 10

/** The state is kept hashed: who reads the database cannot finish a flow. */
export function hashState(state: string): Buffer {
  return createHash('sha256').update(state).digest()
}

export function codeVerifierPlace(stateHash: Buffer, userId: string): UserPlace {
  return { table: 'oauth_flows', column: 'code_verifier', row: stateHash.toString('hex'), user: userId }
}

/** Begins an authorization: keeps state and verifier, bound to user and session, and gives the provider's address. */
export async function startAuthorization(
  parts: Parts,
  { user, sessionId }: SignedIn,
  id: string,
  /** The id of a connection that is to be authorized again, or `new` for another account. */
  connection?: string,
): Promise<URL> {
  const { database, sealer, clock, registry, sourceSettings } = parts
  const plugin = registry.find(id)
  if (!plugin) throw new Problem(404, 'unknown-plugin', 'There is no such source.')
  if (plugin.auth.type !== 'oauth2')
    throw new Problem(409, 'no-sign-in', `${plugin.name} is not connected by signing in there.`)
  const settings = await sourceSettings(plugin)
  if (plugin.retired && !settings.simulated) throw new Problem(409, 'retired', plugin.retired.note)
  if (!settings.configured) {
    throw new Problem(
      409,
      'not-configured',
      `An admin has to enter the client credentials of ${plugin.name} first.`,
    )
  }
  const state = OAuth2Helper.createState()
  const codeVerifier = OAuth2Helper.createCodeVerifier()
  const stateHash = hashState(state)
  await database.asUser(user.id, async (db) => {
    if (connection !== undefined && connection !== newConnection)
      await readConnection(db, { userId: user.id, sourceId: id, connectionId: connection })
    await db
      .insertInto('oauth_flows')
      .values({
        state_hash: stateHash,
        user_id: user.id,
        session_id: sessionId,
        source_id: id,
        connection: connection ?? null,
        code_verifier: await sealForUser(db, sealer, codeVerifier, codeVerifierPlace(stateHash, user.id)),
        redirect_uri: settings.client.redirectUri,
        simulated: settings.simulated,
        expires_at: clock.now().add({ minutes: flowMinutes }).toString(),
      })
      .execute()
  })
  return oauthHelper(parts, plugin, settings).authorizationUrl({ state, codeVerifier })
}
