import { createHash } from 'node:crypto'
import { kyselyAdapter } from '@better-auth/kysely-adapter'
import type { BetterAuthOptions, DBAdapter, Where } from 'better-auth'
import { audit } from '../audit/audit.ts'
import type { Database, Transaction } from '../database/database.ts'

/**
 * The sign-in library's way to our tables. The token of a session lies there as its hash, so that a copy of the database
 * signs nobody in; and a new session is told to the audit log as it is made.
 */
export function createSessionStore(database: Pick<Database, 'signInTables'>) {
  const tables = database.signInTables()

  return (options: BetterAuthOptions): DBAdapter => {
    const on = (db: typeof tables) => kyselyAdapter(db, { type: 'postgres' })(options) as DBAdapter
    const inner = on(tables)
    const store: DBAdapter = {
      ...inner,
      create: ((given: Parameters<DBAdapter['create']>[0]) =>
        given.model === 'session'
          ? tables.transaction().execute(async (db) => {
              const { token, userId } = given.data as unknown as { token: string; userId: string }
              const made = await on(db).create({ ...given, data: { ...given.data, token: hashOf(token) } })
              await audit(db as unknown as Transaction, { action: 'session.signed-in', actor: userId })
              return { ...made, token }
            })
          : inner.create(given)) as DBAdapter['create'],
      findOne: async <T>(given: Parameters<DBAdapter['findOne']>[0]) =>
        withToken(given, await inner.findOne<T>(hashToken(given))),
      findMany: async <T>(given: Parameters<DBAdapter['findMany']>[0]) =>
        (await inner.findMany<T>(hashToken(given))).map((found) => withToken(given, found)),
      update: async <T>(given: Parameters<DBAdapter['update']>[0]) =>
        withToken(given, await inner.update<T>(hashToken(given))),
      consumeOne: async <T>(given: Parameters<DBAdapter['consumeOne']>[0]) =>
        withToken(given, await inner.consumeOne<T>(hashToken(given))),
      count: (given) => inner.count(hashToken(given)),
      updateMany: (given) => inner.updateMany(hashToken(given)),
      delete: (given) => inner.delete(hashToken(given)),
      deleteMany: (given) => inner.deleteMany(hashToken(given)),
      transaction: (work) => work(store),
    }
    return store
  }
}

interface Given {
  model: string
  where?: Where[] | undefined
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url')
}

/** A question about sessions, by the hashes of the tokens that it names. */
function hashToken<Question extends Given>(given: Question): Question {
  if (given.model !== 'session' || !given.where) return given
  return { ...given, where: given.where.map((one) => ({ ...one, value: hashValue(one) })) }
}

function hashValue({ field, value }: Where): Where['value'] {
  if (field !== 'token') return value
  if (Array.isArray(value)) return value.map((token) => hashOf(String(token)))
  return hashOf(String(value))
}

/** A session with the token that it was asked for by; one that was asked for otherwise keeps the hash. */
function withToken<Found>({ model, where = [] }: Given, found: Found): Found {
  const kept = (found as { token?: unknown } | null)?.token
  if (model !== 'session' || typeof kept !== 'string') return found
  const asked = where
    .filter(({ field }) => field === 'token')
    .flatMap(({ value }) => [value].flat().map(String))
  return { ...found, token: asked.find((token) => hashOf(token) === kept) ?? kept }
}
