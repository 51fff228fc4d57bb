import type { RequestEvent } from '@sveltejs/kit'

/** The headers of a browser's request as the engine wants them: with the address that it came from. */
export function browserHeaders(event: RequestEvent): Headers {
  const headers = new Headers()
  for (const name of ['cookie', 'user-agent']) {
    const value = event.request.headers.get(name)
    if (value !== null) headers.set(name, value)
  }
  headers.set('x-client-address', event.getClientAddress())
  return headers
}
