import type { RequestEvent } from '@sveltejs/kit'
import { problem, problemResponse, tellable } from './problem.ts'

const mostBytes = 512 * 1024

/** Refuses a body that is larger than any input of ours, or does not say its length; uploads count for themselves. */
export function refuseLargeBody({ request, route, locals }: RequestEvent): Response | undefined {
  if (route.id?.endsWith('/upload')) return undefined
  const { headers } = request
  const length = Number(headers.get('content-length') ?? 0)
  if (length <= mostBytes && !headers.has('transfer-encoding')) return undefined
  return problemResponse(
    tellable(problem(413, 'too-large', 'The request is over 512 KiB, or does not say its length.')),
    locals.requestId,
  )
}
