import { ImportError, type PluginDeclaration, type TokenSet } from '@tributary/plugin-sdk'
import { addDays, localDay } from '../clock.ts'
import type { Transaction } from '../database/database.ts'
import type { SignedIn } from '../engine.ts'
import { requestImport } from '../jobs/request-import.ts'
import { lastDays } from '../jobs/sync-window.ts'
import { createApiClient } from '../outgoing/api-client.ts'
import type { Parts } from '../parts.ts'
import { Problem } from '../problem.ts'
import { callPlugin } from '../sources/call-plugin.ts'
import type { SourceSettings } from '../sources/source-settings.ts'
import { type Connection, readConnection } from './connection.ts'
import { credentialColumns } from './credentials.ts'
import { oauthHelper } from './oauth.ts'
import { codeVerifierPlace, hashState } from './start-authorization.ts'

const defaultDepthDays = 730

/** Takes the provider's callback to the end: tokens exchanged, account known, connection stored, first import asked for. */
export async function finishAuthorization(
  parts: Parts,
  { user, sessionId }: SignedIn,
  id: string,
  callback: URLSearchParams,
): Promise<void> {
  const { database, sealer, clock, registry, sourceSettings } = parts
  const plugin = registry.find(id)
  if (!plugin) throw new Problem(404, 'unknown_plugin', 'There is no such source.')
  const state = callback.get('state') ?? ''
  const flow = await consumeFlow(parts, user.id, sessionId, id, state)
  const settings = await sourceSettings(plugin)
  if (settings.simulated !== flow.simulated || settings.client.redirectUri !== flow.redirect_uri) {
    throw new Problem(409, 'expired', 'The settings of this source changed meanwhile; connect again.')
  }
  if (callback.has('error')) throw refusalOf(callback.get('error'))
  const codeVerifier = sealer.open(flow.code_verifier, codeVerifierPlace(flow.state_hash, user.id))
  const tokens = await exchange(parts, plugin, settings, callback, { state, codeVerifier })
  const accountId = tokens.accountId ?? (await identify(parts, plugin, settings, tokens))
  await database.asUser(user.id, async (db) => {
    const connection = await storeConnection(parts, db, user.id, plugin, settings, tokens, accountId)
    await requestImport(db, {
      connection,
      trigger: 'connect',
      ...lastDays(localDay(clock.now(), user.timeZone)),
      now: clock.now(),
    })
  })
}

/** Used once, by the user and the session that began it, within ten minutes: one statement decides. */
async function consumeFlow(
  { database, clock }: Parts,
  userId: string,
  sessionId: string,
  id: string,
  state: string,
) {
  const flow = await database.asUser(userId, (db) =>
    db.deleteFrom('oauth_flows').where('state_hash', '=', hashState(state)).returningAll().executeTakeFirst(),
  )
  if (!flow || flow.session_id !== sessionId || flow.source_id !== id) {
    throw new Problem(
      400,
      'invalid_state',
      'This answer does not belong to a connection that you began here.',
    )
  }
  if (Temporal.Instant.compare(flow.expires_at, clock.now()) <= 0) {
    throw new Problem(400, 'expired', 'It took more than ten minutes to connect; begin again.')
  }
  return flow
}

function refusalOf(error: string | null): Problem {
  if (error === 'access_denied') return new Problem(403, 'access_denied', 'You did not allow the access.')
  if (error === 'unauthorized_client' || error === 'invalid_scope') {
    return new Problem(502, 'wrong_client', 'The provider refused the client that an admin entered.')
  }
  return new Problem(502, 'provider_unavailable', 'The provider could not finish the authorization.')
}

async function exchange(
  { clock, log }: Parts,
  plugin: PluginDeclaration,
  settings: SourceSettings,
  callback: URLSearchParams,
  flow: { state: string; codeVerifier: string },
): Promise<TokenSet> {
  try {
    return await oauthHelper(plugin, settings, clock).exchangeCode(callback, flow)
  } catch (error) {
    if (!(error instanceof ImportError)) throw error
    log.warn({ source: plugin.id, code: error.code }, 'a code could not be exchanged')
    if (error.code === 'reauthorize') {
      throw new Problem(400, 'invalid_code', 'The code was used before or is too old; connect again.', {
        cause: error,
      })
    }
    if (error.code === 'misconfigured') {
      throw new Problem(502, 'wrong_client', 'The provider refused the client id or secret.', {
        cause: error,
      })
    }
    throw new Problem(502, 'provider_unavailable', 'The provider did not answer usably.', { cause: error })
  }
}

async function identify(parts: Parts, plugin: PluginDeclaration, settings: SourceSettings, tokens: TokenSet) {
  const { identify: ask } = plugin.api
  if (!ask) return 'default'
  const http = createApiClient({
    plugin,
    clock: parts.clock,
    privateHosts: parts.settings.privateHosts,
    resolve: settings.resolve,
    authorize: () => Promise.resolve({ headers: { authorization: `Bearer ${tokens.accessToken}` } }),
  })
  try {
    return String(await callPlugin(plugin.name, 'naming the account', () => ask(http)))
  } catch (error) {
    throw new Problem(502, 'provider_unavailable', 'The provider did not say whose account this is.', {
      cause: error,
    })
  }
}

async function storeConnection(
  { sealer, clock }: Parts,
  db: Transaction,
  userId: string,
  plugin: PluginDeclaration,
  settings: SourceSettings,
  tokens: TokenSet,
  accountId: string,
): Promise<Connection> {
  const now = clock.now()
  await db
    .insertInto('user_integrations')
    .values({
      user_id: userId,
      source_id: plugin.id,
      state: 'disconnected',
      history_from: addDays(localDay(now, 'UTC'), -defaultDepthDays),
    })
    .onConflict((conflict) => conflict.columns(['user_id', 'source_id']).doNothing())
    .execute()
  const known = await readConnection(db, userId, plugin.id)
  if (!known) throw new Error('the connection vanished while it was made')
  if (known.account_id !== null && known.state !== 'disconnected' && known.account_id !== accountId) {
    throw new Problem(409, 'wrong_account', 'This is another account than the one that is connected.')
  }
  return db
    .updateTable('user_integrations')
    .set({
      ...credentialColumns(sealer, known, tokens),
      account_id: accountId,
      state: 'connected',
      reason: null,
      simulated: settings.simulated,
      scopes: tokens.scopes ?? (plugin.auth.type === 'oauth2' ? plugin.auth.scopes : null),
      connected_at: now.toString(),
      updated_at: now.toString(),
    })
    .where('id', '=', known.id)
    .returningAll()
    .executeTakeFirstOrThrow()
}
