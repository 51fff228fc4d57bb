import type { RequestEvent } from '@sveltejs/kit'
import type { ProblemCode } from '@tributary/api'
import { engine } from './engine.ts'
import { isApi } from './is-api.ts'
import { problemResponse } from './problem.ts'
import { nothingAllowed, securityHeaders } from './security-headers.ts'

/** Gives an answer what every answer has: its id, its protections, no trace in a cache, and problem+json under /api. */
export function finishAnswer(event: RequestEvent, response: Response): Response {
  const { requestId, setCookies, retryAfter } = event.locals
  const answer = isBareApiError(event, response)
    ? describe(response, requestId)
    : new Response(response.body, response)
  for (const [name, value] of Object.entries(securityHeaders(engine().publicUrl)))
    answer.headers.set(name, value)
  if (!answer.headers.has('content-security-policy'))
    answer.headers.set('content-security-policy', nothingAllowed)
  answer.headers.set('cache-control', 'no-store')
  answer.headers.set('x-request-id', requestId)
  if (retryAfter !== undefined && answer.status >= 400) answer.headers.set('retry-after', String(retryAfter))
  for (const cookie of setCookies) answer.headers.append('set-cookie', cookie)
  return answer
}

function isBareApiError(event: RequestEvent, response: Response): boolean {
  return (
    isApi(event) &&
    response.status >= 400 &&
    response.headers.get('content-type') !== 'application/problem+json'
  )
}

function describe(response: Response, requestId: string): Response {
  const headers = new Headers(response.headers)
  headers.delete('content-length')
  return problemResponse({ status: response.status, ...explain(response.status) }, requestId, headers)
}

function explain(status: number): { code: ProblemCode; message: string } {
  if (status === 404) return { code: 'not-found', message: 'There is nothing at this address.' }
  if (status === 405)
    return { code: 'method-not-allowed', message: 'This address does not take that method.' }
  if (status === 413) return { code: 'too-large', message: 'The request is too large. Send less at once.' }
  if (status < 500) return { code: 'refused', message: 'The request could not be understood.' }
  return { code: 'internal', message: 'Something went wrong on our side. Try again later.' }
}
