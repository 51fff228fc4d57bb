import type { RequestEvent } from '@sveltejs/kit'
import { engine } from './engine.ts'

/** Passes a browser's request to the sign-in library, at the public address whatever name it was sent to. */
export function passToAuth(event: RequestEvent): Promise<Response> {
  const { publicUrl, accounts } = engine()
  const { pathname, search } = event.url
  const request = new Request(new URL(pathname + search, publicUrl), event.request)
  request.headers.set('x-client-address', event.getClientAddress())
  return accounts.handle(request)
}

/** Gives a request of ours to the sign-in library as if the browser had sent it there, and passes its cookies on. */
export async function forwardAuth(event: RequestEvent, path: string, body: unknown): Promise<Response> {
  const { publicUrl, accounts } = engine()
  const headers = browserHeaders(event, publicUrl)
  const response = await accounts.handle(
    new Request(new URL(path, publicUrl), { method: 'POST', headers, body: JSON.stringify(body) }),
  )
  passCookies(event, response)
  return response
}

/** Puts the cookies of an answer that the browser does not see itself onto the one that it gets. */
export function passCookies(event: RequestEvent, response: Response): void {
  event.locals.setCookies.push(...response.headers.getSetCookie())
}

/** The browser's headers for a JSON request from a page of this site; the hook has made sure that it is one. */
export function browserHeaders(event: RequestEvent, publicUrl: string): Headers {
  const headers = new Headers(event.request.headers)
  for (const name of ['content-length', 'transfer-encoding', 'accept-encoding']) headers.delete(name)
  headers.set('content-type', 'application/json')
  headers.set('accept', 'application/json')
  headers.set('origin', new URL(publicUrl).origin)
  headers.set('x-client-address', event.getClientAddress())
  return headers
}
