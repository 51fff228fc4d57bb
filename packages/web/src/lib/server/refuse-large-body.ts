import type { RequestEvent } from '@sveltejs/kit'
import { problem, problemResponse, tellable } from './problem.ts'

const mostBytes = 512 * 1024

/** Refuses a body that is larger than any input of ours, or does not say its length; uploads count for themselves. */
export function refuseLargeBody({ request, locals }: RequestEvent): Response | undefined {
  const { match } = locals
  if (match && 'endpoint' in match && match.endpoint.upload === 'multipart/form-data') return undefined
  const { headers } = request
  const length = Number(headers.get('content-length') ?? 0)
  if (length <= mostBytes && !headers.has('transfer-encoding')) return undefined
  return problemResponse(
    tellable(problem(413, 'too-large', 'The request is over 512 KiB, or does not say its length.')),
    locals.requestId,
  )
}
