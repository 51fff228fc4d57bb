import { json } from '../../http/answer.ts'
import type { OAuthRules } from '../../oauth/rules.ts'

/** The person's account there. */
export const ACCOUNT = 'u-2718'

/** Exactly what RFC 6749, 7009 and 7636 say, with nothing on top. */
export const oauthRules: OAuthRules = {
  paths: { authorize: '/oauth/authorize', token: '/oauth/token', revoke: '/oauth/revoke' },
  scopes: [{ id: 'read_data', label: 'Your daily score and duration' }],
  scopeSeparator: ' ',
  clientAuth: 'either',
  pkce: 'optional',
  faultyRequest: 'redirect',
  remembersConsent: false,
  codeLifetime: 10 * 60,
  accessLifetime: 3600,
  refresh: { rotates: true, repeatWindow: 0 },
  revocation: { by: 'client', refusesUnknown: false },
  account: ACCOUNT,
  issuer: 'Example Service',
  redirectIssuer: 'https://service.example',
  tokenBody: (token) => token,
  errorAnswer: ({ status, error, message }) => json(status, { error, error_description: message }),
}
