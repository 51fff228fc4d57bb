import { betterAuth } from 'better-auth'
import type { Parts } from '../parts.ts'
import { createSessionStore } from './session-store.ts'

/** The sign-in library on our tables: e-mail and password, sessions by cookie, no sign-up. */
export function createSignIn(
  { database, sessionSecret }: Pick<Parts, 'database' | 'sessionSecret'>,
  publicUrl: string,
) {
  return betterAuth({
    appName: 'Tributary',
    baseURL: publicUrl,
    basePath: '/api/auth',
    secret: sessionSecret,
    trustedOrigins: [publicUrl],
    telemetry: { enabled: false },
    logger: { disabled: true },
    database: createSessionStore(database),
    advanced: {
      database: { generateId: 'uuid' },
      cookiePrefix: 'tributary',
      ipAddress: { ipAddressHeaders: ['x-client-address'] },
    },
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength },
    rateLimit: {
      enabled: true,
      window: 60,
      max: 600,
      customRules: { '/sign-in/*': { window: 60, max: 20 } },
    },
    user: {
      modelName: 'users',
      changeEmail: { enabled: false },
      deleteUser: { enabled: false },
      additionalFields: {
        role: { type: 'string', input: false },
        timeZone: { type: 'string', input: false },
        disabledAt: { type: 'date', input: false, required: false, returned: false },
      },
    },
    session: { modelName: 'sessions' },
    account: { modelName: 'sign_in_methods' },
    verification: { modelName: 'verifications' },
  })
}

export const minPasswordLength = 10
