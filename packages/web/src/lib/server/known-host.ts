import type { RequestEvent } from '@sveltejs/kit'
import { problem, problemResponse } from './problem.ts'

/** What no public name ends in (RFC 6761, 6762, 8375; ICANN reserves `internal`), and what home routers add. */
const localSuffixes = [
  'localhost',
  'local',
  'internal',
  'home.arpa',
  'test',
  'lan',
  'home',
  'localdomain',
  'fritz.box',
]
/** Probes of containers and load balancers use names of their own, and learn nothing there. */
const probes = ['/healthz', '/readyz']

/**
 * Whether a request was sent to a name that can be this installation's: that of `PUBLIC_URL`, those of TRIBUTARY_HOSTS, an
 * address, and names that exist in a local network alone. A public name that somebody else lets point here would make a
 * browser treat their page and this app as one site (DNS rebinding).
 */
export function isKnownHost(host: string | null, publicUrl: string, others: readonly string[]): boolean {
  if (host === null) return true
  const name = URL.parse(`http://${host}`)?.hostname.replace(/\.$/, '')
  if (!name) return false
  if (name.startsWith('[') || /^[\d.]+$/.test(name) || !name.includes('.')) return true
  return (
    name === new URL(publicUrl).hostname ||
    others.includes(name) ||
    localSuffixes.some((suffix) => name.endsWith(`.${suffix}`))
  )
}

/** Refuses a request to a name that is not this installation's, and says which setting knows it. */
export function refuseUnknownHost(
  { request, route, locals }: RequestEvent,
  publicUrl: string,
  others: readonly string[],
): Response | undefined {
  const host = request.headers.get('host')
  if (probes.includes(route.id ?? '') || isKnownHost(host, publicUrl, others)) return undefined
  const name = URL.parse(`http://${host}`)?.hostname ?? 'this name'
  const message = `Tributary is set up as ${publicUrl} and does not answer to ${name}. If that is its address, set PUBLIC_URL to it, or add ${name} to TRIBUTARY_HOSTS, and start it again.`
  if (route.id?.startsWith('/api/'))
    return problemResponse(problem(421, 'unknown-host', message), locals.requestId)
  return new Response(`${message}\n`, {
    status: 421,
    headers: { 'content-type': 'text/plain; charset=utf-8' },
  })
}
