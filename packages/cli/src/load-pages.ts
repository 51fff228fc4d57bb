import type { RequestListener } from 'node:http'
import type { RunningEngine } from '@tributary/engine'

/** The built pages. They find the engine of their process under this name. */
export async function loadPages(engine: RunningEngine): Promise<RequestListener> {
  Reflect.set(globalThis, Symbol.for('tributary.engine'), engine)
  const { handler } = (await import(new URL('../../web/build/handler.js', import.meta.url).href)) as {
    handler: RequestListener
  }
  return handler
}
