import type { BaseIntegrationHandler, ImportError, PluginDeclaration } from '@tributary/plugin-sdk'
import { isLive, readConnection } from '../connections/connection.ts'
import { connectClient } from '../connections/connect-client.ts'
import { oauthHelper } from '../connections/oauth.ts'
import type { Check } from '../contract/engine.ts'
import type { Parts } from '../parts.ts'
import { Problem } from '../domain/problem.ts'
import { callPlugin } from '../sources/call-plugin.ts'
import type { SourceSettings } from '../sources/source-settings.ts'

/** Tries a source's settings for real: their presence, the callback URL, the token address, a connection's credentials. */
export async function testPlugin(parts: Parts, userId: string, id: string): Promise<Check[]> {
  const handler = parts.registry.handlers.get(id)
  if (!handler) throw new Problem(404, 'unknown-plugin', 'There is no such source.')
  const { plugin } = handler
  const settings = await parts.sourceSettings(plugin)
  const checks: Check[] = [
    settings.configured
      ? {
          name: 'Settings',
          ok: true,
          detail: settings.simulated
            ? 'The simulated provider is used.'
            : 'All required settings have a value.',
        }
      : { name: 'Settings', ok: false, detail: 'Required settings have no value yet.' },
  ]
  if (plugin.auth.type === 'oauth2') {
    checks.push(checkCallback(settings.client.redirectUri))
    if (settings.configured) checks.push(await checkTokenAddress(parts, plugin, settings))
  }
  checks.push(await checkConnection(parts, userId, handler))
  return checks
}

/** A refresh by a token that nobody has: a provider that knows the client refuses the token and not the client. */
async function checkTokenAddress(
  parts: Parts,
  plugin: PluginDeclaration,
  settings: SourceSettings,
): Promise<Check> {
  const name = 'Token address'
  try {
    await oauthHelper(parts, plugin, settings).refresh('not-a-token')
    return { name, ok: true, detail: 'The provider answered.' }
  } catch (error) {
    const { code, message } = error as ImportError
    if (code === 'reauthorize') return { name, ok: true, detail: 'The provider knows this client.' }
    if (code === 'misconfigured') return { name, ok: false, detail: message }
    return {
      name,
      ok: false,
      detail: `${plugin.name} did not answer usably; it may be down, or this machine offline.`,
    }
  }
}

async function checkConnection(
  parts: Parts,
  userId: string,
  handler: BaseIntegrationHandler,
): Promise<Check> {
  const name = 'Your connection'
  const { plugin } = handler
  const connection = await parts.database.asUser(userId, (db) =>
    readConnection(db, { userId, sourceId: plugin.id }),
  )
  if (!connection || !isLive(connection))
    return { name, ok: true, detail: 'You have not connected this source.' }
  try {
    const http = await connectClient(parts, connection, plugin)
    const valid = await callPlugin(plugin.name, 'checking the credentials', () =>
      handler.validateCredentials(http),
    )
    return valid
      ? { name, ok: true, detail: 'The source accepts your credentials.' }
      : { name, ok: false, detail: 'The source no longer accepts your credentials; connect again.' }
  } catch (error) {
    return { name, ok: false, detail: (error as Error).message }
  }
}

function checkCallback(redirectUri: string): Check {
  const name = 'Callback URL'
  const { protocol, hostname } = new URL(redirectUri)
  const local = hostname === 'localhost' || hostname === '127.0.0.1' || hostname === '[::1]'
  if (protocol === 'https:' || local)
    return { name, ok: true, detail: `Register exactly this one: ${redirectUri}` }
  return {
    name,
    ok: false,
    detail: 'Most providers take https alone, except for localhost; set the base URL to an https one.',
  }
}
