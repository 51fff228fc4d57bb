import type { EventEmitter } from 'node:events'
import type { Socket } from 'node:net'
import pg from 'pg'
import { type DatabaseLimits, usualLimits } from './limits.ts'

const keepAliveMs = 10_000
/** What is under way when a pool ends, and the goodbye of a connection, take this long at most. */
export const farewellMs = 5_000

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

interface ConnectionConfig extends pg.ClientConfig {
  silenceMs: number
  connectMs: number
  onOpening?: (connection: Connection) => void
}

/**
 * A connection to PostgreSQL whose end is an error of the statement under way and never of the process, and which ends by
 * itself when the server is silent for too long. Nothing else in the engine makes connections.
 */
export class Connection extends pg.Client {
  declare readonly processID: number | null
  /** When the server last was ready for a statement, by `performance.now()`. */
  readyAt = 0
  /** The last statement failed, and the server has not said since that it takes another: it may have ended the session. */
  isInDoubt = false
  #silenceMs: number

  constructor(config: ConnectionConfig) {
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
    config.onOpening?.(this)
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
    this.#bundleWrites()
    try {
      return await this.query(statement, values)
    } catch (error) {
      const { _queryable: isOpen } = this as unknown as { _queryable: boolean }
      throw isOpen ? error : new DatabaseUnavailable(error as Error)
    }
  }

  /** Sends statements that are issued together by one write: writes cost more than what they carry. */
  #bundleWrites(): void {
    const { stream } = this.#wire
    if (stream.writableCorked > 0) return
    stream.cork()
    process.nextTick(() => stream.uncork())
  }

  get isOpening(): boolean {
    return this.readyAt === 0
  }

  get isWaiting(): boolean {
    return this.isOpening || Boolean((this as unknown as { _getActiveQuery(): unknown })._getActiveQuery())
  }

  get bytes(): number {
    const { bytesRead, bytesWritten } = this.#wire.stream
    return bytesRead + bytesWritten
  }

  /** Ends the connection at once; what is under way on it fails. */
  cut(error: Error): void {
    this.#wire.stream.destroy(error)
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
        if (stream.bytesRead === seen) this.cut(new Error('The database did not answer in time.'))
      })
    })
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
export function configOf({ url, settings = [], types }: ConnectionOptions, limits: DatabaseLimits) {
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
