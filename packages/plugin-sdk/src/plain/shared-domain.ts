/** Names under which registries sell domains, so that two services under one of them have nothing in common. */
const registries = new Set(['ac', 'co', 'com', 'edu', 'gov', 'net', 'org'])

/**
 * The domain that two addresses of one service share, e.g. `your-service.com` of `www.your-service.com` and
 * `api.your-service.com`; host and port where the host is an address or a single name. Throws where they share none.
 */
export function sharedDomain(one: string, other: string): string {
  const [first, second] = [new URL(one), new URL(other)]
  const single = /^[\d.]+$|^\[|^[^.]+$/
  if (single.test(first.hostname) || single.test(second.hostname)) {
    if (first.host !== second.host) throw new TypeError(`${first.host} and ${second.host} share no domain`)
    return first.host
  }
  const [a, b] = [first.hostname.split('.').reverse(), second.hostname.split('.').reverse()]
  const length = a.findIndex((label, index) => label !== b[index])
  const shared = length < 0 ? a : a.slice(0, length)
  // Of one host alone the service's domain is what follows its first label.
  const whole = shared.length === a.length && shared.length === b.length && shared.length > 2
  const domain = whole && !isRegistry(shared.slice(0, -1)) ? shared.slice(0, -1) : shared
  if (domain.length < 2 || isRegistry(domain))
    throw new TypeError(`${first.host} and ${second.host} share no domain`)
  return domain.reverse().join('.')
}

function isRegistry([top = '', second = '', ...more]: string[]): boolean {
  return more.length === 0 && top.length === 2 && registries.has(second)
}
