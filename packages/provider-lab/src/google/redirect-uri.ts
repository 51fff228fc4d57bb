const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]'])

/**
 * Why Google would not let a web client register this redirect URI; undefined where it would.
 *
 * It must be https, but for the loopback; its host must be a name with a public ending; a fragment is not allowed.
 */
export function redirectUriProblem(redirectUri: string): string | undefined {
  const { protocol, hostname, hash, username, password } = new URL(redirectUri)
  const refuse = (why: string) => `invalid_request - This redirect URI cannot be registered: ${why}`
  if (hash || username || password) return refuse('it has a fragment or a user in it.')
  if (LOOPBACK.has(hostname)) {
    return protocol === 'http:' || protocol === 'https:' ? undefined : refuse('it is neither http nor https.')
  }
  if (protocol !== 'https:') return refuse('it must be https, but for localhost and 127.0.0.1.')
  if (/^[\d.]+$/.test(hostname) || hostname.startsWith('[')) return refuse('its host is a bare IP address.')
  return /\.[a-z][a-z-]+$/i.test(hostname) && !/\.(?:local|internal|lan|home)$/i.test(hostname)
    ? undefined
    : refuse('its host has no public ending such as .com.')
}
