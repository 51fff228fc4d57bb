const changing = new Set(['POST', 'PUT', 'PATCH', 'DELETE'])

/**
 * Whether another site may have made a browser send this request. A request without both headers comes from no
 * browser. `Host` counts beside the public address, because only a page of this very host has an origin that equals it;
 * but where that is reached by TLS, a page without is one that somebody on the way has put there.
 */
export function isCrossSite(request: Request, publicUrl: string): boolean {
  if (!changing.has(request.method)) return false
  const site = request.headers.get('sec-fetch-site')
  if (site !== null && site !== 'same-origin' && site !== 'none') return true
  const origin = request.headers.get('origin')
  return origin !== null && !isOwnOrigin(origin, publicUrl, request.headers.get('host'))
}

function isOwnOrigin(origin: string, publicUrl: string, host: string | null): boolean {
  const own = new URL(publicUrl)
  if (origin === own.origin) return true
  const parsed = URL.parse(origin)
  if (parsed === null || parsed.origin !== origin || parsed.host !== host) return false
  return !(parsed.host === own.host && own.protocol === 'https:')
}

/** Whether a link on another site led here; a request without the header comes from no (current) browser. */
export function isFromElsewhere(headers: Headers): boolean {
  const site = headers.get('sec-fetch-site')
  return site === 'cross-site' || site === 'same-site'
}
