import { createServer, type RequestListener, type Server } from 'node:http'

/** The address cannot be listened on; the message is one sentence. */
export class AddressError extends Error {}

/** Listens, and says in one sentence why it cannot. */
export async function listen(
  listener: RequestListener,
  { port, host }: { port: number; host: string },
): Promise<Server> {
  const server = createServer(listener)
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

/** Takes no new requests and resolves when those at work are answered. */
export function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    // A browser would keep a connection whose answer has ended for its next request.
    const sweep = setInterval(() => server.closeIdleConnections(), 100)
    server.close(() => {
      clearInterval(sweep)
      resolve()
    })
  })
}
