import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** Stands between the app and PostgreSQL and does to their connections what networks do. */
export interface DatabaseProxy {
  /** The address of the database as reached through the proxy. */
  url: string
  /** How many connections are open. */
  open(): number
  /** How often a client has sent something since the server last answered it, over all connections: its round trips. */
  roundTrips(): number
  /** Ends every open connection towards the app: by RST, as a firewall does, or in an orderly way. */
  cut(how: 'reset' | 'end'): void
  /** Carries nothing more on the open connections, which neither side notices; new ones work. */
  freeze(): void
  /** Resolves when the next bytes of a client have arrived and been passed on. */
  nextRequest(): Promise<void>
  close(): Promise<void>
}

interface Pair {
  client: Socket
  server: Socket
  frozen: boolean
}

export async function startDatabaseProxy(databaseUrl: string): Promise<DatabaseProxy> {
  const target = new URL(databaseUrl)
  const pairs = new Set<Pair>()
  let waiting: (() => void)[] = []
  let trips = 0

  const listener = createServer((client) => {
    const server = connect(Number(target.port), target.hostname)
    const pair: Pair = { client, server, frozen: false }
    let answered = true
    pairs.add(pair)
    client.on('data', (bytes) => {
      if (pair.frozen) return
      if (answered) trips += 1
      answered = false
      server.write(bytes)
      for (const arrived of waiting.splice(0)) arrived()
    })
    server.on('data', (bytes) => {
      if (pair.frozen) return
      answered = true
      client.write(bytes)
    })
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      // A frozen pair's ends are not passed on either.
      one.on('error', () => {})
      one.on('close', () => {
        if (!pair.frozen) other.destroy()
        if (client.destroyed) pairs.delete(pair)
      })
    }
  })
  listener.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const url = new URL(databaseUrl)
  url.hostname = '127.0.0.1'
  url.port = String((listener.address() as AddressInfo).port)
  const ghosts = new Set<Socket>()

  return {
    url: url.href,
    open: () => pairs.size,
    roundTrips: () => trips,
    cut(how) {
      for (const { client } of pairs) {
        if (how === 'reset') client.resetAndDestroy()
        else client.end()
      }
    },
    freeze() {
      for (const pair of pairs) {
        pair.frozen = true
        ghosts.add(pair.server)
      }
    },
    nextRequest: () => new Promise((resolve) => waiting.push(resolve)),
    async close() {
      listener.close()
      for (const { client, server } of pairs) {
        client.destroy()
        server.destroy()
      }
      for (const server of ghosts) server.destroy()
      waiting = []
      await once(listener, 'close')
    },
  }
}
