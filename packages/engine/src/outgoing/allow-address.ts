import { ImportError, type PluginDeclaration } from '@tributary/plugin-sdk'

/** The hosts that a plugin may ask: those of its addresses and what it declares; `*.example.org` means all below. */
export function declaredHosts({ api, auth }: PluginDeclaration): string[] {
  const addresses = auth.type === 'oauth2' ? [auth.authorizationUrl, auth.tokenUrl] : []
  return [...new Set([api.baseUrl, ...addresses].map((url) => new URL(url).host)), ...(api.hosts ?? [])]
}

/** Throws where a plugin asks a host that it did not declare, or one without TLS that no admin allowed. */
export function allowAddress(plugin: PluginDeclaration, url: URL, privateHosts: readonly string[]): void {
  const declared = declaredHosts(plugin).some((host) =>
    host.startsWith('*.') ? url.hostname.endsWith(host.slice(1)) : url.host === host,
  )
  if (!declared) {
    throw new ImportError(
      'misconfigured',
      `${plugin.name} may not be asked at ${url.host}: its plugin does not declare it.`,
    )
  }
  if (url.protocol !== 'https:' && !privateHosts.includes(url.host)) {
    throw new ImportError(
      'misconfigured',
      `${plugin.name} may not be asked at ${url.host} without TLS; TRIBUTARY_ALLOWED_PRIVATE_HOSTS can allow it.`,
    )
  }
}
