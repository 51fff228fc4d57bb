import { createServer, type RequestListener, type Server } from 'node:http'

/** The address cannot be listened on; the message is one sentence. */
export class AddressError extends Error {}

/** Longer than a loaded machine needs for an answer, and than the silence between the heartbeats of an event stream. */
const usualIdleMs = 120_000

/**
 * Listens, and says in one sentence why it cannot. A request may last as long as its bytes keep coming, because a large
 * upload over a slow line takes hours; a connection that is silent for `idleMs` while a request is open is cut.
 */
export async function listen(
  listener: RequestListener,
  { port, host }: { port: number; host: string },
  { idleMs = usualIdleMs } = {},
): Promise<Server> {
  const server = createServer({ requestTimeout: 0 }, listener)
  server.setTimeout(idleMs)
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const why: Record<string, string> = {
        EADDRINUSE: `Port ${port} is taken by another program; set PORT to a free one.`,
        EACCES: `Port ${port} may not be opened by this user; set PORT to one above 1023.`,
        EADDRNOTAVAIL: `This machine has no address ${host}; set HOST to one that it has.`,
      }
      reject(
        new AddressError(why[cause.code ?? ''] ?? `Port ${port} cannot be opened: ${cause.message}.`, {
          cause,
        }),
      )
    })
    server.listen(port, host, resolve)
  })
  return server
}

/** Takes no new requests and resolves when those at work are answered; after `graceMs` it cuts the connections of the others. */
export function closeServer(server: Server, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    // A browser would keep a connection whose answer has ended for its next request.
    const sweep = setInterval(() => server.closeIdleConnections(), 100)
    const cut = setTimeout(() => server.closeAllConnections(), graceMs)
    server.close(() => {
      clearInterval(sweep)
      clearTimeout(cut)
      resolve()
    })
  })
}
