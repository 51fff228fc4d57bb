import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import {
  configOf,
  Connection,
  type ConnectionOptions,
  DatabaseUnavailable,
  farewellMs,
  openConnection,
} from './connection.ts'
import { usualLimits } from './limits.ts'
import { ConnectionDead, watchSessions } from './session-watch.ts'

/** How often a connection is opened before its user hears that there is none, where each was dead before it was open. */
const mostTries = 3

export type PooledConnection = Connection & pg.PoolClient

export interface ConnectionPool {
  /** A connection that answers. Throws `DatabaseUnavailable` when there is none in time. */
  take(): Promise<PooledConnection>
  /** Resolves when what is under way has ended, and cuts what takes longer than a few seconds. */
  end(): Promise<void>
}

/** The last outage of the way to one server. Connections that have received nothing since it was detected are not used. */
export interface Outage {
  /** When a connection was last found dead, on the clock of `performance.now()`. */
  detectedAt: number
}

/** Makes a pool of connections with the limits of ordinary work. The pools of one server share `outage`. */
export function openPool({
  max,
  outage,
  ...options
}: ConnectionOptions & { max: number; outage: Outage }): ConnectionPool {
  const limits = { ...usualLimits, ...options.limits }
  const inUse = new Set<Connection>()
  const pool = new pg.Pool({
    ...configOf(options, limits),
    onOpening(connection: Connection) {
      inUse.add(connection)
      connection.once('end', () => inUse.delete(connection))
    },
    max,
    pipeline: true,
    connectionTimeoutMillis: limits.queue,
    Client: Connection as unknown as typeof pg.Client,
  } as pg.PoolConfig)
  // An idle connection that ends is replaced at the next use; that use reports what is wrong.
  pool.on('error', () => {})
  pool.on('acquire', (client) => inUse.add(client as PooledConnection))
  pool.on('release', (_error, client) => inUse.delete(client as PooledConnection))
  const endWatch = watchSessions({
    open: (silenceMs) =>
      openConnection({
        url: options.url,
        limits: { ...limits, connect: silenceMs, statement: silenceMs, grace: 0 },
      }),
    inUse,
    suspicionMs: limits.suspicion,
    onDead: () => (outage.detectedAt = performance.now()),
  })

  return {
    async take() {
      for (let tries = 1; ; tries++) {
        const connection = (await pool.connect().catch((error: Error) => {
          if (error instanceof ConnectionDead && tries < mostTries) return undefined
          throw new DatabaseUnavailable(error)
        })) as PooledConnection | undefined
        if (!connection) continue
        const { readyAt, isInDoubt } = connection
        if (readyAt > outage.detectedAt) {
          if (!isInDoubt && performance.now() - readyAt < limits.recent) return connection
          const answer = await probe(connection, limits.probe)
          if (answer === 'ready') return connection
          if (answer === 'silent') outage.detectedAt = performance.now()
        }
        connection.release(true)
      }
    },
    async end() {
      const cut = setTimeout(() => {
        for (const connection of inUse) connection.cut(new Error('The app ends.'))
      }, farewellMs)
      await Promise.all([pool.end(), endWatch()])
      clearTimeout(cut)
    },
  }
}

async function probe(connection: Connection, withinMs: number): Promise<'ready' | 'ended' | 'silent'> {
  const answer = connection.query('select').then(
    () => 'ready' as const,
    () => 'ended' as const,
  )
  const silence = pause(withinMs, undefined, { ref: false }).then(
    () => new Promise<'silent'>((done) => setImmediate(done, 'silent' as const)),
  )
  return Promise.race([answer, silence])
}
