import type { RequestEvent } from '@sveltejs/kit'
import { engine } from './engine.ts'

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

/** The browser's headers for a request with a JSON body, from this site's own page, which the hook has made sure of. */
export function browserHeaders({ request }: RequestEvent, publicUrl: string): Headers {
  const headers = new Headers(request.headers)
  for (const name of ['content-length', 'transfer-encoding', 'accept-encoding']) headers.delete(name)
  headers.set('content-type', 'application/json')
  headers.set('accept', 'application/json')
  headers.set('origin', new URL(publicUrl).origin)
  return headers
}
