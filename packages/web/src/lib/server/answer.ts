import type { RequestEvent } from '@sveltejs/kit'
import { logError } from './log-error.ts'
import { problemResponse, tellable } from './problem.ts'

/** Makes an API route of a function that returns its answer (a plain value is sent as JSON) or throws. */
export function answer<Event extends RequestEvent>(
  respond: (event: Event) => Promise<unknown>,
): (event: Event) => Promise<Response> {
  return async (event) => {
    try {
      const value = await respond(event)
      return value instanceof Response ? value : Response.json(value)
    } catch (error) {
      const told = tellable(error)
      if (!told.expected) logError(error, event)
      return problemResponse(told, event.locals.requestId)
    }
  }
}
