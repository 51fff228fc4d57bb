import type { RequestListener } from 'node:http'
import { allowLargeUploads, type RunningEngine } from '@tributary/engine'
import { nothingAllowed, securityHeaders } from '@tributary/web/security-headers'

/** The built pages. They find the engine of their process under this name. */
export async function loadPages(engine: RunningEngine): Promise<RequestListener> {
  allowLargeUploads()
  Reflect.set(globalThis, Symbol.for('tributary.engine'), engine)
  const { handler } = (await import(new URL('../../web/build/handler.js', import.meta.url).href)) as {
    handler: RequestListener
  }
  const headers = { ...securityHeaders(engine.publicUrl), 'content-security-policy': nothingAllowed }
  return (request, response) => {
    // Files are answered before the pages' own code sees them.
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
    handler(request, response)
  }
}
