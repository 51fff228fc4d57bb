import { ImportError, type PluginDeclaration } from '@tributary/plugin-sdk'

/** The hosts that a plugin may ask: those of its addresses and what it declares; `*.example.org` means all below. */
export function declaredHosts({ api, auth }: PluginDeclaration): string[] {
  const addresses =
    auth.type === 'oauth2'
      ? [auth.authorizationUrl, auth.tokenUrl, ...(auth.revokeUrl ? [auth.revokeUrl] : [])]
      : []
  return [...new Set([api.baseUrl, ...addresses].map((url) => new URL(url).host)), ...(api.hosts ?? [])]
}

/** Throws where a plugin asks a host that it did not declare. */
export function allowAddress(plugin: PluginDeclaration, url: URL): void {
  const declared = declaredHosts(plugin).some((host) =>
    host.startsWith('*.') ? url.host.endsWith(host.slice(1)) : url.host === host,
  )
  if (!declared) {
    throw new ImportError(
      'misconfigured',
      `${plugin.name} may not be asked at ${url.host}: its plugin does not declare it.`,
    )
  }
}
