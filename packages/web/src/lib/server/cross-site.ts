const changing = new Set(['POST', 'PUT', 'PATCH', 'DELETE'])

/**
 * Whether another site may have made a browser send this request. A request without both headers comes from no
 * browser. `Host` counts beside the public address, because only a page of this very host has an origin that equals it;
 * but where that is reached by TLS, a page without is one that somebody on the way has put there.
 */
export function isCrossSite(request: Request, publicUrl: string): boolean {
  if (!changing.has(request.method)) return false
  if (isFromOtherSite(request.headers)) return true
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

/**
 * Whether a link on another site led here. Browsers leave `Sec-Fetch-Site` out without TLS, and name the page in `Referer`
 * then; a request with neither comes from no browser, or from an address that somebody typed.
 */
export function isFromElsewhere(headers: Headers, publicUrl: string): boolean {
  const site = headers.get('sec-fetch-site')
  if (site !== null) return site === 'cross-site' || site === 'same-site'
  const from = pageOf(headers)
  return from !== undefined && !isOwnOrigin(from, publicUrl, headers.get('host'))
}

/**
 * The origin by which a browser reaches this installation, where that is not `PUBLIC_URL`: the address of the page that the
 * request comes from. `undefined` where it comes from another site, or from no page.
 */
export function otherAddressOf(headers: Headers, publicUrl: string): string | undefined {
  if (isFromOtherSite(headers)) return undefined
  const from = pageOf(headers)
  return from === undefined || from === new URL(publicUrl).origin ? undefined : from
}

function isFromOtherSite(headers: Headers): boolean {
  const site = headers.get('sec-fetch-site')
  return site !== null && site !== 'same-origin' && site !== 'none'
}

function pageOf(headers: Headers): string | undefined {
  const page = URL.parse(headers.get('origin') ?? headers.get('referer') ?? '')
  return page !== null && /^https?:$/.test(page.protocol) ? page.origin : undefined
}
