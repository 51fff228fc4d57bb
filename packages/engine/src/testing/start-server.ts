import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A server on loopback that behaves as a test says. */
export interface TestServer {
  /** `127.0.0.1:PORT` */
  host: string
  /** How many connections were made to it. */
  connections(): number
  close(): Promise<void>
}

export async function startServer(listener: RequestListener): Promise<TestServer> {
  const server = createServer(listener)
  let connections = 0
  server.on('connection', () => (connections += 1))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    connections: () => connections,
    async close() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}
