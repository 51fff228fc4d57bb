import {
  ApiKeyAuthHelper,
  type HttpClient,
  importErrorCode,
  type PluginDeclaration,
} from '@tributary/plugin-sdk'
import { awaitTurn } from '../budgets/await-turn.ts'
import { type ApiClientOptions, type Authorization, createApiClient } from '../outgoing/api-client.ts'
import type { Database } from '../database/database.ts'
import type { Clock } from '../domain/clock.ts'
import type { Outgoing } from '../outgoing/outgoing.ts'
import type { Log } from '../runtime/log.ts'
import { asCore } from '../sources/core-error.ts'
import { readResponses } from '../sources/read-responses.ts'
import type { ReadSourceSettings } from '../sources/source-settings.ts'
import type { AccessTokens } from './access-token.ts'
import type { LiveConnection } from './connection.ts'

/** What a client for one connection is made of. */
interface ClientParts {
  database: Database
  clock: Clock
  log: Log
  outgoing: Outgoing
  sourceSettings: ReadSourceSettings
  accessTokens: AccessTokens
}

/** For so long a token is taken from hand: an import asks a dozen times a second, and reads it each time otherwise. */
const heldSeconds = 5

/** A client that asks a source for one connection: with its token, renewed where needed, or its key. */
export async function connectClient(
  parts: ClientParts,
  connection: LiveConnection,
  plugin: PluginDeclaration,
  watch: Pick<ApiClientOptions, 'received' | 'traffic'> = {},
): Promise<HttpClient> {
  const { clock, accessTokens, outgoing } = parts
  const settings = await parts.sourceSettings(plugin)
  let held: { secret: string; authorization: Authorization; until: Temporal.Instant } | undefined
  /** A client that the token server refuses is refused to each stream alike, and not asked about by each. */
  let refusal: unknown
  let turn = Promise.resolve()

  /** What another request of this run has renewed meanwhile is given, and not renewed once more. */
  async function authorize(refused?: Authorization): Promise<Authorization> {
    const now = clock.now()
    const isRefused = held !== undefined && held.authorization === refused
    if (held && !isRefused && Temporal.Instant.compare(now, held.until) < 0) return held.authorization
    const secret = await accessToken(isRefused ? held?.secret : undefined)
    const authorization = held?.secret === secret ? held.authorization : authorizationBy(plugin, secret)
    held = { secret, authorization, until: now.add({ seconds: heldSeconds }) }
    return authorization
  }

  async function accessToken(refused: string | undefined): Promise<string> {
    if (refusal !== undefined) throw refusal
    try {
      return await accessTokens.get(connection, plugin, refused)
    } catch (error) {
      if (importErrorCode(error) === 'misconfigured') refusal = error
      throw error
    }
  }

  /** One after the other, however many a plugin sends at once: nobody books ahead of others. */
  function pace(): Promise<void> {
    turn = turn.catch(() => {}).then(() => awaitTurn(parts, plugin, settings, connection.account_id))
    return turn
  }

  return createApiClient({
    plugin,
    reader: readResponses(plugin, parts.log),
    clock,
    outgoing,
    resolve: settings.resolve,
    authorize: (refused) => asCore(() => authorize(refused)),
    pace: () => asCore(pace),
    ...watch,
  })
}

/** How a token or key is attached to a source's requests. */
export function authorizationBy({ auth }: PluginDeclaration, secret: string): Authorization {
  if (auth.type === 'oauth2') return { headers: { authorization: `Bearer ${secret}` } }
  if (auth.type === 'upload') return { headers: {} }
  const helper = new ApiKeyAuthHelper(auth)
  return { headers: helper.headers(secret), query: helper.query(secret) }
}
