import { ImportError, OAuth2Helper, type PluginDeclaration } from '@tributary/plugin-sdk'
import type { Clock } from '../clock.ts'
import type { SourceSettings } from '../sources/source-settings.ts'

const requestMs = 20_000

/** The helper for a source as this installation reaches it. */
export function oauthHelper(plugin: PluginDeclaration, settings: SourceSettings, clock: Clock): OAuth2Helper {
  const { auth } = plugin
  if (auth.type !== 'oauth2')
    throw new ImportError('misconfigured', `${plugin.name} is not connected by OAuth.`)
  return new OAuth2Helper(
    {
      ...auth,
      authorizationUrl: settings.resolve(auth.authorizationUrl, 'browser'),
      tokenUrl: settings.resolve(auth.tokenUrl),
      ...(auth.revokeUrl ? { revokeUrl: settings.resolve(auth.revokeUrl) } : {}),
    },
    settings.client,
    {
      fetch: (url, init) =>
        fetch(url, { ...init, redirect: 'error', signal: AbortSignal.timeout(requestMs) }),
      now: () => clock.now(),
    },
  )
}
