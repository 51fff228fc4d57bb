import type { Account, ImportError, ImportErrorCode, PluginDeclaration } from '@tributary/plugin-sdk'
import { awaitTurn } from '../budgets/await-turn.ts'
import { createApiClient } from '../outgoing/api-client.ts'
import type { Parts } from '../parts.ts'
import { Problem } from '../domain/problem.ts'
import { callPlugin } from '../sources/call-plugin.ts'
import { asCore } from '../sources/core-error.ts'
import { readResponses } from '../sources/read-responses.ts'
import type { SourceSettings } from '../sources/source-settings.ts'
import { authorizationBy } from '../connections/connect-client.ts'
import { readAccount } from './read-account.ts'

/** Whose request it is while nobody knows yet. */
const unnamed = ''

/** What trying again does not help against: the sentence says what does. */
const refusals: readonly ImportErrorCode[] = ['reauthorize', 'not-allowed', 'misconfigured', 'retired']

/** Asks a source whose account a token or key opens, before anything is stored. */
export async function identifyAccount(
  parts: Parts,
  plugin: PluginDeclaration,
  settings: SourceSettings,
  secret: string,
): Promise<Account> {
  const { identify } = plugin.api
  // A source that names the account in its token response has just left it out.
  const namedByToken = plugin.auth.type === 'oauth2' && plugin.auth.accountIdKey !== undefined
  if (!identify && !namedByToken) return { id: 'default' }
  const authorization = authorizationBy(plugin, secret)
  const limits = settings.limits.filter(({ countsIdentify }) => countsIdentify)
  const http = createApiClient({
    plugin,
    reader: readResponses(plugin, parts.log),
    clock: parts.clock,
    outgoing: parts.outgoing,
    resolve: settings.resolve,
    authorize: () => Promise.resolve(authorization),
    pace: () => asCore(() => awaitTurn(parts, plugin, { ...settings, limits }, unnamed)),
  })
  try {
    const given = identify && (await callPlugin(plugin.name, 'identifying the account', () => identify(http)))
    return readAccount(plugin, given)
  } catch (error) {
    const { code, message } = error as ImportError
    if (plugin.auth.type === 'api-key' && code === 'reauthorize')
      throw new Problem(422, 'refused', `${plugin.name} does not accept this key.`, { cause: error })
    if (refusals.includes(code)) throw new Problem(409, 'refused', message, { cause: error })
    throw new Problem(502, 'provider-unavailable', `${plugin.name} did not say whose account this is.`, {
      cause: error,
    })
  }
}
