import { betterAuth } from 'better-auth'
import type { Parts } from '../parts.ts'
import { openSession } from './open-session.ts'
import { createSessionStore } from './session-store.ts'

const hour = 3600
const day = 24 * hour

/** How long a session lasts, in seconds: without being used, and at all. */
export const sessionAge = { idle: 14 * day, most: 90 * day }

/** The sign-in library on our tables: passwords, sessions by cookie. It answers no request by itself. */
export function createSignIn(
  { database, installationSecrets }: Pick<Parts, 'database' | 'installationSecrets'>,
  publicUrl: string,
) {
  const secure = publicUrl.startsWith('https:')
  return betterAuth({
    appName: 'Tributary',
    baseURL: publicUrl,
    basePath: '/api/auth',
    secret: installationSecrets['session cookies'],
    trustedOrigins: [publicUrl],
    telemetry: { enabled: false },
    logger: { disabled: true },
    database: createSessionStore(database),
    advanced: {
      // A session and its user are read by one statement, for every page waits for them.
      database: { generateId: 'uuid', joins: true },
      cookiePrefix: 'tributary',
      // The prefix __Host- says more than the library's own: this host alone, over TLS, the whole site.
      useSecureCookies: false,
      defaultCookieAttributes: { secure, httpOnly: true, sameSite: 'lax', path: '/' },
      cookies: { session_token: { name: `${secure ? '__Host-' : ''}tributary.session_token` } },
      ipAddress: { ipAddressHeaders: ['x-client-address'] },
    },
    plugins: [openSession],
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength },
    // Attempts are counted in the database, for all processes.
    rateLimit: { enabled: false },
    user: {
      modelName: 'users',
      changeEmail: { enabled: false },
      deleteUser: { enabled: false },
      additionalFields: {
        role: { type: 'string', input: false },
        timeZone: { type: 'string', input: false },
        disabledAt: { type: 'date', input: false, required: false },
      },
    },
    session: { modelName: 'sessions', expiresIn: sessionAge.idle, updateAge: hour / 4 },
    account: { modelName: 'sign_in_methods' },
    verification: { modelName: 'verifications' },
  })
}

export const minPasswordLength = 10
