import type { Account, PluginDeclaration, TokenSet } from '@tributary/plugin-sdk'
import { sql } from 'kysely'
import { audit } from '../audit/audit.ts'
import { localDay } from '../domain/clock.ts'
import type { Transaction } from '../database/database.ts'
import { isOpen } from '../jobs/job-states.ts'
import { requestImport } from '../jobs/request-import.ts'
import { rollUpAll } from '../values/roll-up-all.ts'
import { lastDays } from '../planning/look-back.ts'
import type { Parts } from '../parts.ts'
import { uploadsAccount } from '../domain/source-account.ts'
import { Problem } from '../domain/problem.ts'
import { beginConnection } from './begin-connection.ts'
import { type Connection, connectionsOf } from '../connections/connection.ts'
import { credentialColumns } from '../connections/credentials.ts'
import { lockValues } from '../database/locks.ts'

export interface NewConnection {
  tokens: TokenSet
  account: Account
  simulated: boolean
  /** The id of the connection that was authorized again, or `newConnection`; the first one unless given. */
  connection: string | undefined
}

/** In place of the id of a connection: another one, for an account that has none yet. */
export const newConnection = 'new'

/**
 * Stores a connection that was just authorized, and requests its last seven days, unless its user switched it off. Returns its
 * id. An account that has a connection already keeps that one.
 */
export async function storeConnection(
  parts: Parts,
  user: { id: string; timeZone: string },
  plugin: PluginDeclaration,
  made: NewConnection,
): Promise<string> {
  const now = parts.clock.now()
  return parts.database.asUser(
    user.id,
    async (db) => {
      const connection = await writeConnection(parts, db, user, plugin, made)
      await audit(db, { action: 'connection.connected', actor: user.id, source: plugin.id })
      if (!connection.enabled) return connection.id
      await requestImport(db, {
        connection,
        trigger: 'connect',
        selection: 'due',
        ...lastDays(localDay(now, user.timeZone)),
        now,
      })
      return connection.id
    },
    // Another account than before: the days of all years are merged again.
    { long: true },
  )
}

/** Jobs are locked before their connection, as by whoever ends the one or the other: else two would wait for each other. */
async function holdJobs(db: Transaction, userId: string, sourceId: string): Promise<void> {
  await db
    .selectFrom('import_jobs')
    .select('id')
    .where('user_id', '=', userId)
    .where('source_id', '=', sourceId)
    .where(isOpen)
    .orderBy('id')
    .forUpdate()
    .execute()
}

async function writeConnection(
  { sealer, clock }: Parts,
  db: Transaction,
  { id: userId, timeZone }: { id: string; timeZone: string },
  plugin: PluginDeclaration,
  { tokens, account, simulated, connection: wanted }: NewConnection,
): Promise<Connection> {
  const now = clock.now()
  await lockValues(db, userId, plugin.id)
  await holdJobs(db, userId, plugin.id)
  const known = await connectionFor(db, userId, plugin, account, wanted, now)
  if (known.account_id !== null && known.state !== 'disconnected' && known.account_id !== account.id) {
    throw new Problem(
      409,
      'wrong-account',
      'A different account is connected. Disconnect it first, or connect this one as another account.',
    )
  }
  const connection = await db
    .updateTable('user_integrations')
    .set({
      ...(await credentialColumns(db, sealer, known, tokens)),
      account_id: account.id,
      account_aliases: account.aliases ?? [],
      state: 'connected',
      reason: null,
      simulated,
      scopes: tokens.scopes ?? (plugin.auth.type === 'oauth2' ? plugin.auth.scopes : null),
      connected_at: now.toString(),
      next_sync_at: sql`next_sync_after(id, ${now.toString()})`,
      updated_at: now.toString(),
    })
    .where('id', '=', known.id)
    .returningAll()
    .executeTakeFirstOrThrow()
  // Of several accounts the connected ones count first.
  if (known.account_id !== null && known.account_id !== account.id)
    await rollUpAll(db, { userId, cause: 'account' }, timeZone, plugin.id)
  return connection
}

/**
 * Finds and locks the connection of an account: its own, else the one that was meant, else a new one. If two sign-ins finish at
 * the same moment, the second sees the account that the first stored.
 */
async function connectionFor(
  db: Transaction,
  userId: string,
  plugin: PluginDeclaration,
  account: Account,
  wanted: string | undefined,
  now: Temporal.Instant,
): Promise<Connection> {
  const read = () => connectionsOf(db, { userId, sourceId: plugin.id }).forUpdate().execute()
  const known = (await read()).filter(({ account_id }) => account_id !== uploadsAccount)
  const own = known.find(({ account_id }) => account_id === account.id)
  const meant =
    wanted === newConnection ? undefined : known.find(({ id }) => wanted === undefined || id === wanted)
  const found = own ?? meant
  if (found) return found
  await beginConnection(db, userId, plugin, now, known.length > 0 ? `Account ${known.length + 1}` : null)
  const made = (await read()).find(({ account_id }) => account_id === null)
  if (!made) throw new Error('the connection vanished while it was made')
  return made
}
