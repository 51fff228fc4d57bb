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
import { Problem } from '../domain/problem.ts'
import { beginConnection } from './begin-connection.ts'
import type { Connection } from '../connections/connection.ts'
import { credentialColumns } from '../connections/credentials.ts'
import { lockValuesOfUser } from '../database/locks.ts'

export interface NewConnection {
  tokens: TokenSet
  account: Account
  simulated: boolean
}

/** Stores a connection that was just authorised, and asks for its last seven days, unless its user switched it off. */
export async function storeConnection(
  parts: Parts,
  user: { id: string; timeZone: string },
  plugin: PluginDeclaration,
  made: NewConnection,
): Promise<void> {
  const now = parts.clock.now()
  await parts.database.asUser(
    user.id,
    async (db) => {
      const connection = await writeConnection(parts, db, user, plugin, made)
      await audit(db, { action: 'connection.connected', actor: user.id, source: plugin.id })
      if (!connection.enabled) return
      await requestImport(db, {
        connection,
        trigger: 'connect',
        selection: 'due',
        ...lastDays(localDay(now, user.timeZone)),
        now,
      })
      // Another account than before: the days of all years are merged again.
    },
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
  { tokens, account, simulated }: NewConnection,
): Promise<Connection> {
  const now = clock.now()
  await beginConnection(db, userId, plugin, now)
  await lockValuesOfUser(db, userId, plugin.id)
  await holdJobs(db, userId, plugin.id)
  // Locked: of two that finish at the same moment the second sees the account that the first brought.
  const known = await db
    .selectFrom('user_integrations')
    .selectAll()
    .where('user_id', '=', userId)
    .where('source_id', '=', plugin.id)
    .forUpdate()
    .executeTakeFirst()
  if (!known) throw new Error('the connection vanished while it was made')
  if (known.account_id !== null && known.state !== 'disconnected' && known.account_id !== account.id) {
    throw new Problem(
      409,
      'wrong_account',
      'This is another account than the one that is connected; disconnect that one first.',
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
  // Of several accounts the connected one speaks first.
  if (known.account_id !== null && known.account_id !== account.id)
    await rollUpAll(db, userId, timeZone, plugin.id)
  return connection
}
