import type { RequestEvent } from '@sveltejs/kit'
import { engine } from './engine.ts'

/** Tells the log of an error that nobody expected: where it happened, never what was sent. */
export function logError(error: unknown, { locals, request, route }: RequestEvent): void {
  engine().noteError(error, { requestId: locals.requestId, method: request.method, route: route.id })
}
