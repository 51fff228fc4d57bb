import { CamelCasePlugin, Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import type { Schema } from './schema.ts'
import { isUuid } from './is-uuid.ts'
import { nameStatement } from './name-statement.ts'
import { refuseBrokenText } from './refuse-broken-text.ts'

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
  asSystem<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result>
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
}

export interface DatabaseOptions {
  url: string
  /** How many connections user and system work may hold. */
  maxConnections?: number
}

export function openDatabase({ url, maxConnections = 20 }: DatabaseOptions): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: maxConnections,
    options: '-c role=tributary_app -c search_path=tributary',
    types: { getTypeParser },
  })
  // An idle connection that breaks is replaced at the next use; that use reports what is wrong.
  pool.on('error', () => {})
  const signInPool = new pg.Pool({
    connectionString: url,
    max: 5,
    options: '-c role=tributary_system -c search_path=tributary',
  })
  signInPool.on('error', () => {})

  return {
    asUser(userId, work, { losable = false } = {}) {
      if (!isUuid(userId)) throw new TypeError('asUser needs the id of a user')
      const begin = `begin; set local tributary.user_id = '${userId}'`
      return inTransaction(pool, losable ? `${begin}; set local synchronous_commit = off` : begin, work)
    },
    asSystem: (work) => inTransaction(pool, 'begin; set local role tributary_system', work),
    signInTables: () =>
      new Kysely<never>({
        dialect: new PostgresDialect({ pool: signInPool }),
        plugins: [new CamelCasePlugin()],
      }),
    async close() {
      await Promise.all([pool.end(), signInPool.end()])
    },
  }
}

async function inTransaction<Result>(
  pool: pg.Pool,
  begin: string,
  work: (transaction: Transaction) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect()
  let broken: Error | undefined
  // Told beside the query that fails by it; that nobody listens would end the process.
  const lose = (error: Error) => (broken = error)
  client.on('error', lose)
  try {
    await client.query(begin)
    try {
      const result = await work(transactionOn(client))
      await client.query('commit')
      return result
    } catch (error) {
      await client.query('rollback').catch((fault: Error) => (broken = fault))
      if (isOutdated(error)) broken = error
      throw refuseBrokenText(error)
    }
  } finally {
    client.off('error', lose)
    client.release(broken)
  }
}

/** A prepared statement whose table has changed since: it fails as long as its connection lives. */
function isOutdated(error: unknown): error is Error {
  return error instanceof pg.DatabaseError && error.code === '0A000'
}

const transactions = new WeakMap<pg.PoolClient, Transaction>()
const clients = new WeakMap<Transaction, pg.PoolClient>()

function transactionOn(client: pg.PoolClient): Transaction {
  const known = transactions.get(client)
  if (known) return known
  const lent = {
    query: (text: string, values: unknown[] = []) =>
      client.query(values.length > 0 ? { text, values, name: nameStatement(text) } : text),
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
  return client
}

const { builtins } = pg.types

function getTypeParser(oid: number, format?: 'text' | 'binary'): (value: string) => unknown {
  if (oid === builtins.DATE) return (value) => value
  if (oid === builtins.TIMESTAMPTZ) return (value) => Temporal.Instant.from(value)
  return pg.types.getTypeParser(oid, format as 'text') as (value: string) => unknown
}
