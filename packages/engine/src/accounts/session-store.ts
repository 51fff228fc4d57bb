import { AsyncLocalStorage } from 'node:async_hooks'
import { createHash, randomBytes } from 'node:crypto'
import { kyselyAdapter } from '@better-auth/kysely-adapter'
import type { BetterAuthOptions, DBAdapter, Where } from 'better-auth'
import { audit } from '../audit/audit.ts'
import type { Database, Transaction } from '../database/database.ts'

/** Marks a token that was read and not shown by a browser: good for naming its session within this process, and for no more. */
const veil = `${randomBytes(16).toString('hex')}.`

/** The tokens that the request at work has shown, by their hashes. */
const shown = new AsyncLocalStorage<Map<string, string>>()

/** Answers a request of the sign-in library's, which knows its own session again in a list of several. */
export function rememberTokens<Result>(answer: () => Result): Result {
  return shown.run(new Map(), answer)
}

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
        veilToken(given, await inner.findOne<T>(hashToken(given))),
      findMany: async <T>(given: Parameters<DBAdapter['findMany']>[0]) =>
        (await inner.findMany<T>(hashToken(given))).map((found) => veilToken(given, found)),
      update: async <T>(given: Parameters<DBAdapter['update']>[0]) =>
        veilToken(given, await inner.update<T>(hashToken(given))),
      consumeOne: async <T>(given: Parameters<DBAdapter['consumeOne']>[0]) =>
        veilToken(given, await inner.consumeOne<T>(hashToken(given))),
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
  return token.startsWith(veil)
    ? token.slice(veil.length)
    : createHash('sha256').update(token).digest('base64url')
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

/** A session as it is answered: with the token that was shown for it, or one that is veiled. */
function veilToken<Found>({ model, where = [] }: Given, found: Found): Found {
  const kept = (found as { token?: unknown } | null)?.token
  if (model !== 'session' || typeof kept !== 'string') return found
  const known = shown.getStore() ?? new Map<string, string>()
  const asked = where
    .filter(({ field }) => field === 'token')
    .flatMap(({ value }) => [value].flat().map(String))
  for (const token of asked) if (!token.startsWith(veil)) known.set(hashOf(token), token)
  return { ...found, token: known.get(kept) ?? veil + kept }
}
