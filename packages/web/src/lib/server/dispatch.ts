import type { RequestEvent } from '@sveltejs/kit'
import type { Match } from '@tributary/api'
import { z } from 'zod'
import { WithStatus } from './handlers/handler.ts'
import { handlers } from './handlers.ts'
import { problem, problemResponse } from './problem.ts'
import { readBody, readQuery } from './read-input.ts'
import { requireSignedIn } from './require-signed-in.ts'

const nothing = z.strictObject({}, 'The body must be a JSON object')

/**
 * Answers a request to the API by the declaration of its endpoint: checks who sends it, reads path, query and body by their
 * schemas, and calls the handler. Throws `Problem` 400, 401, 403, 404 or 405.
 */
export async function dispatch(event: RequestEvent): Promise<Response> {
  const { match } = event.locals
  if (!match) throw problem(404, 'not-found', 'There is nothing at this address.')
  if ('allow' in match) {
    const refusal = problem(405, 'method-not-allowed', 'This address does not take that method.')
    return problemResponse(refusal, event.locals.requestId, { allow: match.allow.join(', ') })
  }
  const call = await readCall(event, match)
  const result = await (handlers[match.name] as (call: unknown) => Promise<unknown>)(call)
  if (result instanceof Response) return result
  const [status] = match.endpoint.answer.statuses
  if (result instanceof WithStatus) return Response.json(result.value, { status: result.status })
  return Response.json(result, { status: status ?? 200 })
}

async function readCall(event: RequestEvent, { endpoint, params }: Match): Promise<object> {
  // A browser that is sent on may be signed out, and providers add parameters of their own.
  if (endpoint.answer.kind === 'redirect') return { event, params }
  const caller = endpoint.for === 'anybody' ? undefined : await requireSignedIn(event)
  if (endpoint.for === 'admin' && caller?.user.role !== 'admin')
    throw problem(403, 'forbidden', 'Only an admin can do this.')
  const query = readQuery(event.url, endpoint.query ?? nothing)
  const hasBody = endpoint.method !== 'GET' && endpoint.upload === undefined
  const body = hasBody ? await readBody(event.request, endpoint.body ?? nothing) : undefined
  return { ...caller, event, params, query, body }
}
