import type { RequestListener, Server } from 'node:http'
import { fileURLToPath } from 'node:url'
import type { RunningEngine, Settings } from '@tributary/engine'
import { createServer } from 'vite'
import { start } from './start.ts'

/** As start, with pages rebuilt while they are edited. */
export function dev(settings: Settings): Promise<void> {
  return start(settings, { web: true, worker: true }, { load: loadEditedPages })
}

async function loadEditedPages(engine: RunningEngine, server: Server): Promise<RequestListener> {
  Reflect.set(globalThis, Symbol.for('tributary.engine'), engine)
  const vite = await createServer({
    root: fileURLToPath(new URL('../../web', import.meta.url)),
    server: { middlewareMode: true, hmr: { server } },
  })
  return (request, response) => vite.middlewares(request, response)
}
