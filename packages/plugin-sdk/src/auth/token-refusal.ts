import { ImportError, type ImportErrorCode } from '../errors.ts'
import type { Answer } from '../http.ts'
import { readRetryAt } from '../wait.ts'

/** What an authorization server refused, by its own error code where that is known here. */
export class TokenRefusal extends ImportError {
  readonly oauthError: string | undefined

  constructor(
    { code, message }: Meaning,
    { oauthError, ...options }: { oauthError?: string; retryAt?: Temporal.Instant } = {},
  ) {
    super(code, message, options)
    this.oauthError = oauthError
  }
}

interface Meaning {
  code: ImportErrorCode
  message: string
}

const ended: Meaning = {
  code: 'reauthorize',
  message: 'The provider no longer accepts this authorization. Connect again.',
}
const badClient = (what: string): Meaning => ({
  code: 'misconfigured',
  message: `The provider ${what}. An admin has to correct the client ID and the client secret.`,
})
const misconfigured = (message: string): Meaning => ({ code: 'misconfigured', message })

/**
 * The error codes of RFC 6749 (4.1.2.1, 5.2) and OpenID Connect Core (3.1.2.6), and those that large providers add to them
 * (developers.google.com/identity/protocols/oauth2/web-server, "Refresh token errors";
 * docs.github.com/apps/oauth-apps/maintaining-oauth-apps, "Troubleshooting OAuth app access token request errors").
 */
const meanings: Record<string, Meaning> = {
  invalid_grant: ended,
  access_denied: ended,
  consent_required: ended,
  interaction_required: ended,
  login_required: ended,
  bad_refresh_token: ended,
  bad_verification_code: ended,
  invalid_client: badClient('refused the client ID or the client secret'),
  unauthorized_client: badClient('refused the client ID or the client secret'),
  incorrect_client_credentials: badClient('refused the client ID or the client secret'),
  deleted_client: badClient('has deleted this client'),
  disabled_client: badClient('has disabled this client'),
  restricted_client: badClient('has restricted this client'),
  redirect_uri_mismatch: misconfigured(
    'The provider does not know this callback URL. An admin has to register it there.',
  ),
  invalid_scope: misconfigured(
    'The provider refused the kinds of access that were asked for. An admin has to allow them for the client there.',
  ),
  org_internal: misconfigured(
    'The provider admits only accounts of the client’s own organization. Connect an account of it, or have an admin open the client to others.',
  ),
  admin_policy_enforced: misconfigured(
    'The organization of this account does not allow the access. Connect another account, or have an administrator of the organization allow it.',
  ),
}

/** The refusal that an OAuth error code stands for; `undefined` for one that says nothing about person or client. */
export function readOAuthError(oauthError: unknown): TokenRefusal | undefined {
  if (typeof oauthError !== 'string' || !Object.hasOwn(meanings, oauthError)) return undefined
  const meaning = meanings[oauthError]
  return meaning && new TokenRefusal(meaning, { oauthError })
}

/**
 * What a response of a token endpoint refused; `undefined` where it may hold tokens. An error with status 200 is read as one
 * with 400; a server that fails has refused nothing, whatever it says.
 */
export function readTokenRefusal(
  { status, headers }: Response,
  body: Answer,
  now: Temporal.Instant,
): TokenRefusal | undefined {
  if (status === 429 || status >= 500) return outage(`could not answer (${status})`, headers, now)
  const error: unknown = body?.error
  const isSuccess = status >= 200 && status < 300
  if (isSuccess && (error === undefined || body.access_token !== undefined)) return undefined
  const refusal = readOAuthError(error)
  if (refusal) return refusal
  // A 401 with a challenge and no error code says that the client was refused (RFC 6749, 5.2).
  if (status === 401 && error === undefined && headers.has('www-authenticate'))
    return readOAuthError('invalid_client')
  return outage(
    isSuccess ? 'answered with an error' : `answered with a client error (${status})`,
    headers,
    now,
  )
}

function outage(what: string, headers: Headers, now: Temporal.Instant): TokenRefusal {
  const message = `The provider’s authorization server ${what}.`
  const retryAt = readRetryAt(headers, now)
  return new TokenRefusal({ code: 'unavailable', message }, retryAt ? { retryAt } : {})
}
