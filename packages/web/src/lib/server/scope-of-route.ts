import type { TokenScope } from '@tributary/engine'

const groups =
  /^\/api\/(coverage|import-jobs|jobs|metric-templates|metrics|plugins|preferences|raw-pages|uploads)(\/|$)/
const browsersOnly = /\/(auth|callback)$/
const importing = /\/(sync|upload|upload\/guess|look)$/

/**
 * The scopes of which a token needs one for a route; none at all: no token will do. What is not named here (the account,
 * its sessions and tokens, all that admins do, whatever comes later) takes no token.
 */
export function scopesFor(method: string, routeId: string): TokenScope[] {
  if (!groups.test(routeId) || browsersOnly.test(routeId)) return []
  if (method === 'GET' || method === 'HEAD') return ['read']
  return importing.test(routeId) ? ['import', 'write'] : ['write']
}
