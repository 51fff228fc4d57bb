import type { EventEmitter } from 'node:events'
import type { Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { watchSessions } from './session-watch.ts'

/** How long each step may take, in milliseconds. */
export interface DatabaseLimits {
  /** Opening a connection, signing in included. */
  connect: number
  /** Waiting for one of the pool's connections. */
  queue: number
  /** The answer of a connection that was idle for longer than `recent`, before it is used again. */
  probe: number
  recent: number
  /** Silence during a statement, after which the server is asked whether it works on it. */
  suspicion: number
  /** One statement, and one that is known to take long: an export, a migration, the removal of much data. */
  statement: number
  longStatement: number
  /** How much longer the client waits than the server, whose own error says more. */
  grace: number
  /** Waiting for a lock that another transaction has. */
  lock: number
  longLock: number
  /** A transaction that sends nothing: after this the server ends it and releases its locks. */
  idleInTransaction: number
  /** The same for transactions that cross users, whose locks everybody may need. */
  systemIdleInTransaction: number
}

export const usualLimits: DatabaseLimits = {
  connect: 15_000,
  queue: 30_000,
  probe: 2_000,
  recent: 5_000,
  suspicion: 600,
  statement: 60_000,
  longStatement: 30 * 60_000,
  grace: 15_000,
  lock: 20_000,
  longLock: 5 * 60_000,
  idleInTransaction: 60_000,
  systemIdleInTransaction: 10_000,
}

const keepAliveMs = 10_000
/** What is under way when a pool ends, and the goodbye of a connection, take this long at most. */
const farewellMs = 5_000

export interface ConnectionOptions {
  url: string
  limits?: Partial<DatabaseLimits> | undefined
  /** Settings of the session, as `name=value`. */
  settings?: string[]
  types?: pg.ClientConfig['types']
}

/** The database cannot be reached, or the connection ended before a statement did: the same may work in a moment. */
export class DatabaseUnavailable extends Error {
  override name = 'DatabaseUnavailable'
  constructor(cause: Error) {
    super(cause.message, { cause })
  }
}

/**
 * A connection to PostgreSQL whose end is an error of the statement under way and never of the process, and which ends by
 * itself when the server is silent for too long. Nothing else in the engine makes connections.
 */
class Connection extends pg.Client {
  /** When the server last was ready for a statement, by `performance.now()`. */
  readyAt = 0
  /** The last statement failed, and the server has not said since that it takes another: it may have ended the session. */
  isInDoubt = false
  #silenceMs: number

  constructor(config: pg.ClientConfig & { silenceMs: number; connectMs: number }) {
    super({
      ...config,
      connectionTimeoutMillis: config.connectMs,
      keepAlive: true,
      keepAliveInitialDelayMillis: keepAliveMs,
    })
    this.#silenceMs = config.silenceMs
    // The statement under way fails by the same error.
    this.on('error', () => {})
    this.#wire.once('readyForQuery', () => this.#watch())
    this.#wire.on('readyForQuery', () => {
      this.readyAt = performance.now()
      this.isInDoubt = false
    })
    this.#wire.on('errorMessage', () => (this.isInDoubt = true))
  }

  /** Sets how long the server may be silent while a statement runs. */
  set silenceMs(milliseconds: number) {
    this.#silenceMs = milliseconds
    this.#wire.stream.setTimeout(milliseconds)
  }

  /**
   * Whether a statement is sent before the one ahead of it is answered. COPY cannot be: it needs the wire for itself.
   * Throws where statements are under way that were sent so.
   */
  set pipelines(on: boolean) {
    const client = this as unknown as { pipeline: boolean; _sentQueryQueue: unknown[] }
    if (!on && client._sentQueryQueue.length > 0)
      throw new Error('COPY must not begin while other statements of its transaction are under way.')
    client.pipeline = on
  }

  /** Sends a statement. Throws `DatabaseUnavailable` where the connection has ended or ends before the answer comes. */
  async send(statement: string | pg.QueryConfig, values?: unknown[]): Promise<pg.QueryResult> {
    try {
      return await this.query(statement, values)
    } catch (error) {
      const { _queryable: isOpen } = this as unknown as { _queryable: boolean }
      throw isOpen ? error : new DatabaseUnavailable(error as Error)
    }
  }

  get isWaiting(): boolean {
    return Boolean((this as unknown as { _getActiveQuery(): unknown })._getActiveQuery())
  }

  get bytes(): number {
    const { bytesRead, bytesWritten } = this.#wire.stream
    return bytesRead + bytesWritten
  }

  /** Ends the connection at once; what is under way on it fails. */
  cut(reason: string): void {
    this.#wire.stream.destroy(new Error(reason))
  }

  override end(): Promise<void>
  override end(callback: (error: Error) => void): void
  override end(callback?: (error: Error) => void): Promise<void> | void {
    // A server that is gone never answers the goodbye.
    setTimeout(() => this.#wire.stream.destroy(), farewellMs).unref()
    return callback ? super.end(callback) : super.end()
  }

  get #wire() {
    return (this as unknown as { connection: EventEmitter & { stream: Socket } }).connection
  }

  #watch(): void {
    const { stream } = this.#wire
    stream.setTimeout(this.#silenceMs)
    stream.on('timeout', () => {
      const seen = stream.bytesRead
      // After this process itself stood still an answer may lie ready, not yet read.
      setImmediate(() => {
        if (stream.bytesRead === seen) this.cut('The database did not answer in time.')
      })
    })
  }
}

export type PooledConnection = Connection & pg.PoolClient & { readonly processID: number }

export interface ConnectionPool {
  /** A connection that answers. Throws `DatabaseUnavailable` when there is none in time. */
  take(): Promise<PooledConnection>
  /** Resolves when what is under way has ended, and cuts what takes longer than a few seconds. */
  end(): Promise<void>
}

/** Makes a pool of connections with the limits of ordinary work. */
export function openPool({ max, ...options }: ConnectionOptions & { max: number }): ConnectionPool {
  const limits = { ...usualLimits, ...options.limits }
  const pool = new pg.Pool({
    ...configOf(options, limits),
    max,
    pipeline: true,
    connectionTimeoutMillis: limits.queue,
    Client: Connection as unknown as typeof pg.Client,
  } as pg.PoolConfig)
  // An idle connection that ends is replaced at the next use; that use reports what is wrong.
  pool.on('error', () => {})
  /** When a connection was last found dead: the others that have been silent since then are not tried. */
  let deadAt = -Infinity
  const taken = new Set<PooledConnection>()
  pool.on('acquire', (client) => taken.add(client as PooledConnection))
  pool.on('release', (_error, client) => taken.delete(client as PooledConnection))
  const endWatch = watchSessions({
    open: () =>
      openConnection({
        url: options.url,
        limits: { ...limits, connect: limits.probe, statement: limits.probe },
      }),
    inUse: taken,
    suspicionMs: limits.suspicion,
    onDead: () => (deadAt = performance.now()),
  })

  return {
    async take() {
      for (;;) {
        const connection = (await pool.connect().catch((error: Error) => {
          throw new DatabaseUnavailable(error)
        })) as PooledConnection
        const { readyAt, isInDoubt } = connection
        if (readyAt > deadAt) {
          if (!isInDoubt && performance.now() - readyAt < limits.recent) return connection
          const answer = await probe(connection, limits.probe)
          if (answer === 'ready') return connection
          if (answer === 'silent') deadAt = performance.now()
        }
        connection.release(true)
      }
    },
    async end() {
      const cut = setTimeout(() => {
        for (const connection of taken) connection.cut('The app ends.')
      }, farewellMs)
      await Promise.all([pool.end(), endWatch()])
      clearTimeout(cut)
    },
  }
}

/** Opens one connection outside of a pool. `long`: its statements may take as long as a migration does. */
export async function openConnection(options: ConnectionOptions & { long?: boolean }): Promise<pg.Client> {
  const limits = { ...usualLimits, ...options.limits }
  const long = { ...limits, statement: limits.longStatement, lock: limits.longStatement }
  const connection = new Connection(configOf(options, options.long ? long : limits))
  await connection.connect()
  return connection
}

/** Limits of the session as the server applies them, and of the client's patience. */
function configOf({ url, settings = [], types }: ConnectionOptions, limits: DatabaseLimits) {
  const session = [
    `statement_timeout=${limits.statement}`,
    `lock_timeout=${limits.lock}`,
    `idle_in_transaction_session_timeout=${limits.idleInTransaction}`,
    // So that the server, too, notices a client that is gone.
    'tcp_keepalives_idle=30',
    'tcp_keepalives_interval=10',
    'tcp_keepalives_count=3',
    ...settings,
  ]
  return {
    connectionString: url,
    options: session.map((setting) => `-c ${setting}`).join(' '),
    ...(types ? { types } : {}),
    silenceMs: limits.statement + limits.grace,
    connectMs: limits.connect,
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
