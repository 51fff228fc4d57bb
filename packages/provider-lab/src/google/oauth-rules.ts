import { json } from '../http/answer.ts'
import type { Answer } from '../http/answer.ts'
import type { OAuthRules, TokenAnswer, TokenRefusal } from '../oauth/rules.ts'
import type { SourceOptions } from '../source.ts'
import { redirectUriProblem } from './redirect-uri.ts'

/** The person's account at Google. */
export const ACCOUNT = { id: '104286753190842617530', email: 'robin.sample@example.com' } as const

const SEVEN_DAYS = 7 * 24 * 60 * 60

/** Scopes that tell who the account is; any client may ask for them. */
const IDENTITY_SCOPES: OAuthRules['scopes'] = [
  { id: 'openid', label: 'Your account at Google' },
  { id: 'email', label: 'Your email address' },
  { id: 'profile', label: 'Your name' },
  { id: 'https://www.googleapis.com/auth/userinfo.email', label: 'Your email address' },
  { id: 'https://www.googleapis.com/auth/userinfo.profile', label: 'Your name' },
]

/**
 * Google's OAuth server, as all of its APIs share it: accounts.google.com and oauth2.googleapis.com.
 *
 * There is a refresh token only for `access_type=offline`, and after the first consent only with `prompt=consent`; a
 * refresh never gives another one. Revoking any token ends all that the client was ever given.
 *
 * Source: developers.google.com/identity/protocols/oauth2/web-server and answers that its developers tell of.
 */
export function googleOAuthRules(
  scopes: OAuthRules['scopes'],
  { testing = false, checksRedirectUri = false }: SourceOptions,
): OAuthRules {
  return {
    paths: { authorize: '/o/oauth2/v2/auth', token: '/token', revoke: '/revoke' },
    scopes: [...IDENTITY_SCOPES, ...scopes],
    scopeSeparator: ' ',
    clientAuth: 'body',
    pkce: 'optional',
    faultyRequest: 'page',
    ...(checksRedirectUri ? { redirectUriProblem } : {}),
    remembersConsent: true,
    codeRedirect: (granted, query) => ({
      scope: granted.join(' '),
      authuser: '0',
      prompt: query.get('prompt') ?? 'none',
    }),
    codePrefix: '4/0A',
    codeLifetime: 10 * 60,
    accessLifetime: 3599,
    refresh: { rotates: false, repeatWindow: 0, ...(testing ? { lifetime: SEVEN_DAYS } : {}) },
    revocation: { by: 'anyone', refusesUnknown: true, body: {} },
    account: ACCOUNT.email,
    issuer: 'https://accounts.google.com',
    tokenBody: (token, shown) => tokenBody(token, shown === 'refresh_token', testing),
    errorAnswer,
  }
}

function tokenBody(token: TokenAnswer, refreshed: boolean, testing: boolean): unknown {
  const { refresh_token, ...rest } = token
  if (refreshed || refresh_token === undefined) return rest
  return { ...token, ...(testing ? { refresh_token_expires_in: SEVEN_DAYS - 1 } : {}) }
}

function errorAnswer({ status, error, message, shown }: TokenRefusal): Answer {
  const descriptions: Partial<Record<TokenRefusal['error'], string>> = {
    invalid_client: 'Unauthorized',
    invalid_grant: shown === 'refresh_token' ? 'Token has been expired or revoked.' : 'Bad Request',
    invalid_token: 'Token expired or revoked',
  }
  return json(status, { error, error_description: descriptions[error] ?? message })
}
