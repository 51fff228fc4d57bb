import type { RequestEvent } from '@sveltejs/kit'
import { engine } from './engine.ts'

/** Tells the log of an error that nobody expected: where it happened, never what was sent. */
export function logError(error: unknown, { locals, request, route }: RequestEvent): void {
  const { match, requestId } = locals
  const path = match && 'endpoint' in match ? match.endpoint.path : route.id
  engine().noteError(error, { requestId, method: request.method, route: path })
}
