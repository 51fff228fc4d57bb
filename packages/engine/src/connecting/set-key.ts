import type { Parts } from '../parts.ts'
import { Problem } from '../domain/problem.ts'
import { identifyAccount } from './identify-account.ts'
import { storeConnection } from './store-connection.ts'

const longestKey = 500

/** Connects a source by a key that the user copied, checked at the source first. Returns the connection's id. */
export async function setKey(
  parts: Parts,
  user: { id: string; timeZone: string },
  id: string,
  key: string,
  connection?: string,
): Promise<string> {
  const plugin = parts.registry.find(id)
  if (!plugin) throw new Problem(404, 'unknown-plugin', 'There is no such source.')
  if (plugin.auth.type !== 'api-key')
    throw new Problem(409, 'no-key', `${plugin.name} is not connected by a key.`)
  const accessToken = key.trim()
  // A key goes into a header: what could end one is no part of a key.
  if (!/^[\x21-\x7e]+$/.test(accessToken) || accessToken.length > longestKey) {
    throw new Problem(422, 'bad-key', 'This is no key; copy it again, without spaces.')
  }
  const settings = await parts.sourceSettings(plugin)
  if (!settings.configured)
    throw new Problem(409, 'not-configured', `An admin has to set ${plugin.name} up first.`)
  const account = await identifyAccount(parts, plugin, settings, accessToken)
  const tokens = {
    accessToken,
    refreshToken: null,
    expiresAt: null,
    refreshExpiresAt: null,
    scopes: null,
    accountId: account.id,
  }
  return storeConnection(parts, user, plugin, { tokens, account, simulated: settings.simulated, connection })
}
