import type { RequestEvent } from '@sveltejs/kit'
import { otherAddressOf } from './cross-site.ts'
import { problem, problemResponse } from './problem.ts'

/** Answers a request that another site may have sent; to a form of a page in the words that Kit's script understands. */
export function refuseCrossSite({ request, locals }: RequestEvent, publicUrl: string): Response {
  const address = otherAddressOf(request.headers, publicUrl)
  const message = address
    ? `The request came from ${address}, but this installation is set up as ${publicUrl}. Open that address, or, if people reach Tributary at ${address}, set PUBLIC_URL=${address} and start it again.`
    : `The request came from a page at another address. Open ${publicUrl} and try again.`
  if (request.headers.get('x-sveltekit-action') === 'true') {
    const error = { status: 403, message, requestId: locals.requestId }
    return Response.json({ type: 'error', status: 403, error }, { status: 403 })
  }
  return problemResponse(problem(403, 'cross-site', message), locals.requestId)
}
