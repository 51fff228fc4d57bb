import type { RequestEvent } from '@sveltejs/kit'

/** Writes one JSON line on an error that nobody expected: where it happened, never what was sent. */
export function logError(error: unknown, event: RequestEvent): void {
  const { name, message, stack, code } = (
    error instanceof Error ? error : new Error(String(error))
  ) as Error & {
    code?: unknown
  }
  const line = {
    level: 50,
    time: new Date().toISOString(),
    msg: 'request failed',
    requestId: event.locals.requestId,
    method: event.request.method,
    route: event.route.id,
    err: { type: name, message, code: typeof code === 'string' ? code : undefined, stack },
  }
  process.stderr.write(`${JSON.stringify(line)}\n`)
}
