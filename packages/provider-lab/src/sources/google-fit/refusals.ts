import { rateLimitExceeded, Refusal, scopeInsufficient } from '../../google/refusals.ts'
import { readScope } from './scopes.ts'
import type { Area } from './scopes.ts'

export const SERVICE = 'fitness.googleapis.com'

export function invalid(message: string): Refusal {
  return new Refusal({ code: 400, status: 'INVALID_ARGUMENT', message, legacyReason: 'invalidArgument' })
}

export function notFound(message: string): Refusal {
  return new Refusal({ code: 404, status: 'NOT_FOUND', message, legacyReason: 'notFound' })
}

export function tooManyRequests(): Refusal {
  return new Refusal(rateLimitExceeded('Requests per minute per user', SERVICE, 'rateLimitExceeded'))
}

/** Throws the refusal unless one of the areas may be read. */
export function requireArea(scopes: readonly string[], ...areas: readonly Area[]): void {
  if (!areas.some((area) => mayRead(scopes, area)))
    throw new Refusal(scopeInsufficient(SERVICE, 'insufficientPermissions'))
}

export function mayRead(scopes: readonly string[], area: Area): boolean {
  return scopes.includes(readScope(area))
}
