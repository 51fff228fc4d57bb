import type { SetupInfoItem } from '@tributary/plugin-sdk'

const address = /^(\[.*\]|\d+(\.\d+){3})$/
const privateName = /^[^.]+$|\.(local|lan|home|internal|localdomain|localhost|test|home\.arpa)$/

/** Warns an admin of a base URL at which Google takes no callback. */
export function callbackWarning(values: Record<string, string>): SetupInfoItem[] {
  const problem = callbackProblem(values['global.base_url'] ?? '')
  return problem ? [{ label: 'Google will refuse this callback URL', value: problem }] : []
}

/**
 * Why Google takes no callback at this base URL, or `undefined` (developers.google.com/identity/protocols/oauth2/web-server,
 * "Redirect URI validation rules").
 */
export function callbackProblem(baseUrl: string): string | undefined {
  if (!URL.canParse(baseUrl)) return undefined
  const { protocol, hostname } = new URL(baseUrl)
  if (hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname)) return undefined
  if (address.test(hostname)) return `${hostname} is an IP address; it takes a domain name or localhost only.`
  if (privateName.test(hostname))
    return `${hostname} is no public domain name; it takes such a one or localhost only.`
  return protocol === 'https:' ? undefined : 'It takes http for localhost only: set up https.'
}
