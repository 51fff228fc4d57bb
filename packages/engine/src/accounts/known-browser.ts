import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { parseCookies } from 'better-auth/cookies'
import type { Parts } from '../parts.ts'
import type { Subject } from './attempts.ts'

/**
 * Browsers in which an account was signed in to before carry a mark. Their attempts are counted apart, so that who guesses
 * at an account from elsewhere never keeps its owner out.
 */
export function createKnownBrowsers(
  { installationSecrets }: Pick<Parts, 'installationSecrets'>,
  { secure }: { secure: boolean },
) {
  const key = installationSecrets['known browsers']
  const name = `${secure ? '__Host-' : ''}tributary.browser`
  const sign = (id: string, email: string) =>
    createHmac('sha256', key)
      .update(JSON.stringify([id, email]))
      .digest('base64url')

  return {
    /** The browser of a request, where it knows the account. */
    find(headers: Headers, email: string): Subject | undefined {
      const [id = '', signature = ''] = (parseCookies(headers.get('cookie') ?? '').get(name) ?? '').split('.')
      const expected = Buffer.from(sign(id, email))
      const given = Buffer.from(signature)
      if (id === '' || given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined
      return { kind: 'browser', name: `${id} ${email}`, of: email }
    },
    /** The cookie that makes a browser know an account. */
    mark(email: string): string {
      const id = randomBytes(16).toString('base64url')
      const value = `${id}.${sign(id, email)}`
      return `${name}=${value}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`
    },
  }
}
