import { CamelCasePlugin, Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import type { Schema } from './schema.ts'
import { isUuid } from './is-uuid.ts'
import { nameStatement } from './name-statement.ts'
import { refuseBrokenText } from './refuse-broken-text.ts'
import { type DatabaseLimits, usualLimits } from './limits.ts'
import { type ConnectionPool, openPool, type PooledConnection } from './pool.ts'

/** A transaction that sees what its role may see. */
export type Transaction = Kysely<Schema>

/** The doors to the data. Nothing else reaches the database after the start. */
export interface Database {
  /** Works as the restricted role that sees this user's rows alone. */
  asUser<Result>(
    userId: string,
    work: (transaction: Transaction) => Promise<Result>,
    options?: UserWork,
  ): Promise<Result>
  /** Works as the role for what crosses users: sign-in, configuration, claiming jobs. It reads no person's data. */
  asSystem<Result>(
    work: (transaction: Transaction) => Promise<Result>,
    options?: Pick<UserWork, 'long'>,
  ): Promise<Result>
  /** The sign-in library's own way to the tables of accounts, as the same role as `asSystem`. */
  signInTables(): Kysely<never>
  close(): Promise<void>
}

export interface UserWork {
  /**
   * A crash of the server may lose it, as long as nothing that came after it is written: for what is of no use without
   * what follows.
   */
  losable?: boolean
  /** Its statements may take half an hour, such as the removal of much data, instead of a minute. */
  long?: boolean
}

export interface DatabaseOptions {
  url: string
  /** How many connections user and system work may hold. */
  maxConnections?: number
  /** In place of the usual ones. */
  limits?: Partial<DatabaseLimits> | undefined
}

export function openDatabase({ url, maxConnections = 20, limits: given }: DatabaseOptions): Database {
  const limits = { ...usualLimits, ...given }
  const outage = { detectedAt: -Infinity }
  const pool = openPool({
    url,
    limits,
    outage,
    max: maxConnections,
    settings: ['role=tributary_app', 'search_path=tributary'],
    types: { getTypeParser },
  })
  const signInPool = openPool({
    url,
    limits,
    outage,
    max: 5,
    settings: ['role=tributary_system', 'search_path=tributary'],
  })
  const long = [`statement_timeout = ${limits.longStatement}`, `lock_timeout = ${limits.longLock}`]

  function run<Result>(
    settings: string[],
    work: (transaction: Transaction) => Promise<Result>,
    isLong: boolean,
  ): Promise<Result> {
    const local = [...settings, ...(isLong ? long : [])].map((setting) => `; set local ${setting}`)
    const silenceMs = (isLong ? limits.longStatement : limits.statement) + limits.grace
    return inTransaction(pool, { begin: `begin${local.join('')}`, silenceMs }, work)
  }

  return {
    asUser(userId, work, options = {}) {
      if (!isUuid(userId)) throw new TypeError('asUser needs the id of a user')
      const settings = [`tributary.user_id = '${userId}'`]
      if (options.losable) settings.push('synchronous_commit = off')
      return run(settings, work, options.long ?? false)
    },
    asSystem: (work, options = {}) =>
      run(
        ['role tributary_system', `idle_in_transaction_session_timeout = ${limits.systemIdleInTransaction}`],
        work,
        options.long ?? false,
      ),
    signInTables: () =>
      new Kysely<never>({
        dialect: new PostgresDialect({
          pool: { ...signInPool, connect: async () => lend(await signInPool.take()), options: {} } as never,
        }),
        plugins: [new CamelCasePlugin()],
      }),
    async close() {
      await Promise.all([pool.end(), signInPool.end()])
    },
  }
}

/** The same database for work whose statements may take long. */
export function patient(database: Database): Database {
  return {
    ...database,
    asUser: (userId, work, options) => database.asUser(userId, work, { ...options, long: true }),
    asSystem: (work) => database.asSystem(work, { long: true }),
  }
}

async function inTransaction<Result>(
  pool: ConnectionPool,
  { begin, silenceMs }: { begin: string; silenceMs: number },
  work: (transaction: Transaction) => Promise<Result>,
): Promise<Result> {
  const connection = await pool.take()
  let broken: Error | undefined
  try {
    connection.silenceMs = silenceMs
    connection.pipelines = true
    // The first statement of the work follows without a wait: where this fails, that fails in the same transaction.
    const begun = connection.send(begin)
    begun.catch(() => {})
    try {
      const result = await work(transactionOn(connection)).catch(async (error: unknown) => {
        await begun
        throw error
      })
      await begun
      await connection.send('commit')
      return result
    } catch (error) {
      await connection.send('rollback').catch((fault: Error) => (broken = fault))
      if (isOutdated(error)) broken = error
      throw refuseBrokenText(error)
    }
  } finally {
    connection.release(broken)
  }
}

/** A prepared statement whose table has changed since: it fails as long as its connection lives. */
function isOutdated(error: unknown): error is Error {
  return error instanceof pg.DatabaseError && error.code === '0A000'
}

/** A connection as the query builder sees it. */
function lend(connection: PooledConnection) {
  return {
    query: (text: string, values: unknown[]) => connection.send(text, values),
    release: () => connection.release(),
  }
}

const transactions = new WeakMap<PooledConnection, Transaction>()
const clients = new WeakMap<Transaction, PooledConnection>()

function transactionOn(client: PooledConnection): Transaction {
  const known = transactions.get(client)
  if (known) return known
  const lent = {
    query: (text: string, values: unknown[] = []) =>
      client.send(values.length > 0 ? { text, values, name: nameStatement(text) } : text),
    release: () => {},
  }
  const transaction = new Kysely<Schema>({
    dialect: new PostgresDialect({
      pool: { connect: () => Promise.resolve(lent), end: () => Promise.resolve() } as never,
    }),
  })
  transactions.set(client, transaction)
  clients.set(transaction, client)
  return transaction
}

/** The connection under a transaction, for what the query builder cannot do (COPY). */
export function clientOf(transaction: Transaction): pg.PoolClient {
  const client = clients.get(transaction)
  if (!client) throw new TypeError('not a transaction of this database')
  client.pipelines = false
  return client
}

const { builtins } = pg.types

function getTypeParser(oid: number, format?: 'text' | 'binary'): (value: string) => unknown {
  if (oid === builtins.DATE) return (value) => value
  if (oid === builtins.TIMESTAMPTZ) return (value) => Temporal.Instant.from(value)
  return pg.types.getTypeParser(oid, format as 'text') as (value: string) => unknown
}
