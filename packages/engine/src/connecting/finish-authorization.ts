import {
  ImportError,
  type OAuth2Helper,
  type PluginDeclaration,
  readOAuthError,
  TokenRefusal,
  type TokenSet,
} from '@tributary/plugin-sdk'
import type { SignedIn } from '../contract/engine.ts'
import type { Parts } from '../parts.ts'
import { Problem } from '../domain/problem.ts'
import { openForUser } from '../secrets/user-secrets.ts'
import { identifyAccount } from './identify-account.ts'
import { recordRefusal } from './record-refusal.ts'
import { oauthHelper } from '../connections/oauth.ts'
import { revokeTokens } from './revoke-tokens.ts'
import { codeVerifierPlace, hashState } from './start-authorization.ts'
import { type NewConnection, storeConnection } from './store-connection.ts'

/**
 * Takes the provider's callback to the end: tokens exchanged, account known, connection stored, first import asked for. One
 * that is delivered again ends as the first one did and requests nothing; `under-way` while that is still at work.
 */
export async function finishAuthorization(
  parts: Parts,
  { user, sessionId }: SignedIn,
  id: string,
  callback: URLSearchParams,
): Promise<'connected' | 'under-way'> {
  const plugin = parts.registry.find(id)
  if (!plugin) throw new Problem(404, 'unknown-plugin', 'There is no such source.')
  const flow = await claimFlow(parts, user.id, sessionId, id, callback.get('state') ?? '')
  if (flow.used_at !== null) return repeatOutcome(flow.outcome)
  try {
    await finish(parts, user, plugin, callback, flow)
  } catch (error) {
    await noteOutcome(parts, flow, error instanceof Problem ? error.code : 'internal')
    throw error
  }
  await noteOutcome(parts, flow, 'connected')
  return 'connected'
}

function repeatOutcome(outcome: Flow['outcome']): 'connected' | 'under-way' {
  if (outcome === null) return 'under-way'
  if (outcome === 'connected') return outcome
  throw new Problem(409, outcome, 'This answer was used before, and connecting did not work then.')
}

async function noteOutcome({ database }: Parts, flow: Flow, outcome: Flow['outcome']): Promise<void> {
  await database.asUser(flow.user_id, (db) =>
    db.updateTable('oauth_flows').set({ outcome }).where('state_hash', '=', flow.state_hash).execute(),
  )
}

async function finish(
  parts: Parts,
  user: SignedIn['user'],
  plugin: PluginDeclaration,
  callback: URLSearchParams,
  flow: Flow,
): Promise<void> {
  const { sourceSettings } = parts
  const settings = await sourceSettings(plugin)
  if (settings.simulated !== flow.simulated || settings.client.redirectUri !== flow.redirect_uri) {
    throw new Problem(409, 'expired', 'The settings of this source changed meanwhile; connect again.')
  }
  const helper = oauthHelper(parts, plugin, settings)
  if (!helper.isFromIssuer(callback)) {
    throw new Problem(400, 'wrong-issuer', 'This answer does not come from the provider that was asked.')
  }
  try {
    const tokens = await exchange(parts, plugin, helper, callback, await openFlow(parts, flow, callback))
    const account =
      tokens.accountId === null
        ? await identifyAccount(parts, plugin, settings, tokens.accessToken)
        : { id: tokens.accountId }
    await store(parts, user, plugin, helper, {
      tokens,
      account,
      simulated: settings.simulated,
      connection: flow.connection ?? undefined,
    })
  } catch (error) {
    await recordRefusal(parts, user.id, plugin, error)
    throw error
  }
}

async function openFlow({ database, sealer }: Parts, flow: Flow, callback: URLSearchParams) {
  const { user_id: userId, state_hash: hash, code_verifier: sealed } = flow
  if (sealed === null) throw new Error('The verifier of this authorization was used before.')
  const codeVerifier = await database.asUser(userId, (db) =>
    openForUser(db, sealer, sealed, codeVerifierPlace(hash, userId)),
  )
  return { state: callback.get('state') ?? '', codeVerifier }
}

async function store(
  parts: Parts,
  user: SignedIn['user'],
  plugin: PluginDeclaration,
  helper: OAuth2Helper,
  made: NewConnection,
): Promise<void> {
  try {
    await storeConnection(parts, user, plugin, made)
  } catch (error) {
    // Nobody will use the tokens of an account that is not taken; at the provider they must not live on.
    if (error instanceof Problem && error.code === 'wrong-account')
      await revokeTokens(parts, plugin, () => helper.revoke(made.tokens))
    throw error
  }
}

type Flow = Awaited<ReturnType<typeof claimFlow>>

/**
 * The authorization of a state, as it was before this callback. It is used once, by the user and the session that began it,
 * within ten minutes: whoever finds it unused has marked it as used.
 */
async function claimFlow(
  { database, clock }: Parts,
  userId: string,
  sessionId: string,
  id: string,
  state: string,
) {
  const now = clock.now()
  const belongs = (flow: { session_id: string; source_id: string } | undefined) =>
    flow?.session_id === sessionId && flow.source_id === id
  const flow = await database.asUser(userId, async (db) => {
    const found = await db
      .selectFrom('oauth_flows')
      .selectAll()
      .where('state_hash', '=', hashState(state))
      .forUpdate()
      .executeTakeFirst()
    if (found?.used_at === null)
      await db
        .updateTable('oauth_flows')
        .set({
          used_at: now.toString(),
          code_verifier: null,
          outcome: belongs(found) ? null : 'invalid-state',
        })
        .where('state_hash', '=', found.state_hash)
        .execute()
    return found
  })
  if (!flow || !belongs(flow)) {
    throw new Problem(
      400,
      'invalid-state',
      'This answer does not belong to a connection that you began here.',
    )
  }
  if (flow.used_at === null && Temporal.Instant.compare(flow.expires_at, now) <= 0) {
    throw new Problem(400, 'expired', 'It took more than ten minutes to connect; begin again.')
  }
  return flow
}

async function exchange(
  { log }: Parts,
  plugin: PluginDeclaration,
  helper: OAuth2Helper,
  callback: URLSearchParams,
  flow: { state: string; codeVerifier: string },
): Promise<TokenSet> {
  const error = callback.get('error')
  if (error === 'access_denied') throw new Problem(403, 'access-denied', 'You did not allow the access.')
  if (error !== null) throw problemOf(readOAuthError(error))
  try {
    return await helper.exchangeCode(callback, flow)
  } catch (error) {
    if (!(error instanceof ImportError)) throw error
    log.warn({ source: plugin.id, code: error.code }, 'a code could not be exchanged')
    throw problemOf(error)
  }
}

/** What a person can do about another organization than the client's, or its rules, no admin of this installation can. */
const ofOrganization = ['org_internal', 'admin_policy_enforced']

function problemOf(cause: ImportError | undefined): Problem {
  const byOrganization = cause instanceof TokenRefusal && ofOrganization.includes(cause.oauthError ?? '')
  if (byOrganization || cause?.code === 'plugin-failed')
    return new Problem(409, 'refused', cause.message, { cause })
  if (cause?.code === 'reauthorize') {
    return new Problem(400, 'invalid-code', 'The code was used before or is too old; connect again.', {
      cause,
    })
  }
  if (cause?.code === 'misconfigured') return new Problem(502, 'wrong-client', cause.message, { cause })
  return new Problem(502, 'provider-unavailable', 'The provider could not finish the authorization.', {
    cause,
  })
}
