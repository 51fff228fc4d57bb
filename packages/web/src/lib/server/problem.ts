import { STATUS_CODES } from 'node:http'
import type { ProblemCode } from '@tributary/api'
import type { Problem } from '@tributary/engine'
import { engine } from './engine.ts'

/** Makes an error that is answered as it stands, in the form of the engine's own. */
export function problem(status: number, code: ProblemCode, detail: string, retryAfter?: number): Problem {
  return Object.assign(new Error(detail), {
    name: 'Problem',
    status,
    code,
    retryAfter,
    details: undefined,
  })
}

/** Tells the engine's errors that a person can be told from all others, without its code. */
export function isProblem(error: unknown): error is Problem {
  return error instanceof Error && error.name === 'Problem' && 'status' in error && 'code' in error
}

/** What may be said of an error. */
export type Told = Pick<Problem, 'status' | 'code' | 'message'> &
  Partial<Pick<Problem, 'retryAfter' | 'details'>>

/** Answers with RFC 9457's form of an error. */
export function problemResponse(
  { status, code, message, retryAfter, details }: Told,
  requestId: string,
  headers: HeadersInit = {},
): Response {
  const body = {
    ...details,
    type: 'about:blank',
    title: STATUS_CODES[status] ?? 'Error',
    status,
    code,
    detail: message,
    requestId,
  }
  const answer = new Response(JSON.stringify(body), { status, headers })
  answer.headers.set('content-type', 'application/problem+json')
  if (retryAfter !== undefined) answer.headers.set('retry-after', String(retryAfter))
  return answer
}

/** What may be said of an error: all of a problem, nothing of anything else. */
export function tellable(error: unknown): Told & { expected: boolean } {
  const fault = isProblem(error) ? undefined : engine().problemOf(error)
  const told = isProblem(error) ? error : fault
  if (told) {
    const { status, code, message, retryAfter, details } = told
    return { status, code, message, retryAfter, details, expected: fault === undefined }
  }
  // The client is gone: it hears nothing of this answer, and the log has no fault to tell of.
  if (error instanceof Error && 'code' in error && error.code === 'ECONNRESET' && error.message === 'aborted')
    return { status: 400, code: 'invalid-input', message: 'The request broke off.', expected: true }
  if (error instanceof Error && 'status' in error && error.status === 413) {
    return {
      status: 413,
      code: 'too-large',
      message: 'The request is too large. Send less at once.',
      expected: true,
    }
  }
  const message = 'Something went wrong on our side. Try again; if it stays, give the request id to an admin.'
  return { status: 500, code: 'internal', message, expected: false }
}
