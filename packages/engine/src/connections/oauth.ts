import { ImportError, OAuth2Helper, type PluginDeclaration } from '@tributary/plugin-sdk'
import type { Clock } from '../domain/clock.ts'
import type { Outgoing } from '../outgoing/outgoing.ts'
import { tokenFetch } from '../outgoing/token-fetch.ts'
import type { SourceSettings } from '../sources/source-settings.ts'

/** The helper for a source as this installation reaches it. */
export function oauthHelper(
  { clock, outgoing }: { clock: Clock; outgoing: Outgoing },
  plugin: PluginDeclaration,
  settings: SourceSettings,
): OAuth2Helper {
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
    { fetch: tokenFetch(outgoing, plugin), now: () => clock.now() },
  )
}
