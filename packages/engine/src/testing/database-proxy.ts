import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { createMessageCounter } from './message-counter.ts'

/** Stands between the app and PostgreSQL and does to their connections what networks do. */
export interface DatabaseProxy {
  /** The address of the database as reached through the proxy. */
  url: string
  /** How many connections are open. */
  open(): number
  /** How often a client has sent something since the server last answered it, over all connections: its round trips. */
  roundTrips(): number
  /**
   * How often the app waits for the database in a row while it works. Answers are passed on together, when every statement
   * under way has one: what is requested at the same moment is one wait, however long each takes. Opening a connection
   * does not count.
   */
  countWaits(work: () => Promise<unknown>): Promise<number>
  /** Ends every open connection towards the app: by RST, as a firewall does, or in an orderly way. */
  cut(how: 'reset' | 'end'): void
  /** Whether the database can be reached: where not, connections end and new ones are refused. */
  setReachable(reachable: boolean): void
  /** Carries nothing more on the open connections, which neither side notices; new ones work. */
  freeze(): void
  /** Resolves when the next bytes of a client have arrived and been passed on. */
  nextRequest(): Promise<void>
  close(): Promise<void>
}

/** For so long no statement comes before the app is taken to wait: a busy machine parts what it sends together. */
const quietMs = 20

interface Pair {
  client: Socket
  server: Socket
  frozen: boolean
  /** Statements that the server has not finished yet. */
  underWay: number
  /** Answers that are not passed on yet. */
  held: Buffer[]
}

export async function startDatabaseProxy(databaseUrl: string): Promise<DatabaseProxy> {
  const target = new URL(databaseUrl)
  const pairs = new Set<Pair>()
  let waiting: (() => void)[] = []
  let trips = 0
  let waits: number | undefined

  /** Passes on what was held as soon as nothing is under way, and the app has sent all that it wants to know now. */
  async function answerTogether(): Promise<void> {
    const before = trips
    await pause(quietMs)
    if (trips !== before || [...pairs].some(({ underWay }) => underWay > 0)) return
    const answered = [...pairs].filter(({ held }) => held.length > 0)
    if (answered.length > 0 && waits !== undefined) waits += 1
    for (const { client, held } of answered) client.write(Buffer.concat(held.splice(0)))
  }

  let isReachable = true
  const listener = createServer((client) => {
    client.on('error', () => {})
    if (!isReachable) {
      client.resetAndDestroy()
      return
    }
    const server = connect(Number(target.port), target.hostname)
    const pair: Pair = { client, server, frozen: false, underWay: 0, held: [] }
    const countStatements = createMessageCounter('QS', { startsUntyped: true })
    const countAnswers = createMessageCounter('Z')
    let isOpen = false
    let answered = true
    pairs.add(pair)
    client.on('data', (bytes: Buffer) => {
      if (pair.frozen) return
      if (answered) trips += 1
      answered = false
      pair.underWay += countStatements(bytes)
      server.write(bytes)
      for (const arrived of waiting.splice(0)) arrived()
    })
    server.on('data', (bytes: Buffer) => {
      if (pair.frozen) return
      answered = true
      const answers = countAnswers(bytes)
      if (isOpen) pair.underWay -= answers
      if (waits === undefined || !isOpen) client.write(bytes)
      else {
        pair.held.push(bytes)
        void answerTogether()
      }
      isOpen ||= answers > 0
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
    async countWaits(work) {
      waits = 0
      try {
        await work()
        return waits
      } finally {
        waits = undefined
        await answerTogether()
      }
    },
    cut(how) {
      for (const { client } of pairs) {
        if (how === 'reset') client.resetAndDestroy()
        else client.end()
      }
    },
    setReachable(reachable) {
      isReachable = reachable
      if (!reachable) for (const { client } of pairs) client.resetAndDestroy()
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
