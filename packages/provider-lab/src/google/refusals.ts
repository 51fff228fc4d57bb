import { json, withHeaders } from '../http/answer.ts'
import type { Answer } from '../http/answer.ts'

/** What a Google API says of an error, in the envelope that all of them share. */
export interface GoogleError {
  readonly code: number
  readonly status:
    | 'FAILED_PRECONDITION'
    | 'INVALID_ARGUMENT'
    | 'NOT_FOUND'
    | 'PERMISSION_DENIED'
    | 'RESOURCE_EXHAUSTED'
    | 'UNAUTHENTICATED'
  readonly message: string
  /** The entry of the older `errors` list, which only some of the APIs still write. */
  readonly legacyReason?: string
  /** Becomes a `google.rpc.ErrorInfo`. */
  readonly reason?: string
  readonly domain?: string
  readonly metadata?: Readonly<Record<string, string>>
}

/** A request that a Google API understands and will not serve. */
export class Refusal extends Error {
  readonly error: GoogleError

  constructor(error: GoogleError) {
    super(error.message)
    this.error = error
  }
}

export function googleRefusal(error: GoogleError): Answer {
  const { code, message, status, legacyReason, reason, domain = 'googleapis.com', metadata } = error
  return json(code, {
    error: {
      code,
      message,
      ...(legacyReason ? { errors: [{ message, domain: 'global', reason: legacyReason }] } : {}),
      status,
      ...(reason
        ? {
            details: [
              {
                '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
                reason,
                domain,
                ...(metadata ? { metadata } : {}),
              },
            ],
          }
        : {}),
    },
  })
}

/** No token, or one that is expired or revoked: Google does not tell them apart by status. */
export function unauthenticated(presented: boolean, service: string, legacyReason?: string): Answer {
  const answer = googleRefusal({
    code: 401,
    status: 'UNAUTHENTICATED',
    message: presented
      ? 'Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential.'
      : 'Request is missing required authentication credential.',
    reason: presented ? 'ACCESS_TOKEN_EXPIRED' : 'CREDENTIALS_MISSING',
    metadata: { service },
    ...(legacyReason ? { legacyReason } : {}),
  })
  const error = presented ? ', error="invalid_token"' : ''
  return withHeaders(answer, { 'www-authenticate': `Bearer realm="https://accounts.google.com/"${error}` })
}

export function scopeInsufficient(service: string, legacyReason?: string): GoogleError {
  return {
    code: 403,
    status: 'PERMISSION_DENIED',
    message: 'Request had insufficient authentication scopes.',
    reason: 'ACCESS_TOKEN_SCOPE_INSUFFICIENT',
    metadata: { service },
    ...(legacyReason ? { legacyReason } : {}),
  }
}

export function rateLimitExceeded(limit: string, service: string, legacyReason?: string): GoogleError {
  return {
    code: 429,
    status: 'RESOURCE_EXHAUSTED',
    message: `Quota exceeded for quota metric 'Requests' and limit '${limit}' of service '${service}'.`,
    reason: 'RATE_LIMIT_EXCEEDED',
    metadata: { service, quota_limit: limit },
    ...(legacyReason ? { legacyReason } : {}),
  }
}
