import { rateLimitExceeded, Refusal, scopeInsufficient } from '../../google/refusals.ts'
import { readScope } from './scopes.ts'
import type { Area } from './scopes.ts'

export { Refusal } from '../../google/refusals.ts'

export const SERVICE = 'health.googleapis.com'

export function invalid(
  reason: string | undefined,
  message: string,
  metadata?: Record<string, string>,
): Refusal {
  return new Refusal({
    code: 400,
    status: 'INVALID_ARGUMENT',
    message,
    ...(reason ? { reason, domain: SERVICE } : {}),
    ...(metadata ? { metadata } : {}),
  })
}

export function notFound(): Refusal {
  return new Refusal({ code: 404, status: 'NOT_FOUND', message: 'Requested entity was not found.' })
}

export function notLinked(): Refusal {
  return new Refusal({
    code: 400,
    status: 'FAILED_PRECONDITION',
    message: 'The account is not linked to Google Health.',
    reason: 'ACCOUNT_NOT_LINKED',
    domain: SERVICE,
  })
}

export function tooManyRequests(limit: string): Refusal {
  return new Refusal(rateLimitExceeded(limit, SERVICE))
}

export function requireArea(scopes: readonly string[], area: Area): void {
  if (!scopes.includes(readScope(area))) throw new Refusal(scopeInsufficient(SERVICE))
}
