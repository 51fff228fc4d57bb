import type { PluginDeclaration, TokenSet } from '@tributary/plugin-sdk'
import { sql } from 'kysely'
import { addDays, localDay } from '../clock.ts'
import type { Transaction } from '../database/database.ts'
import { requestImport } from '../jobs/request-import.ts'
import { lastDays } from '../jobs/sync-window.ts'
import type { Parts } from '../parts.ts'
import { Problem } from '../problem.ts'
import { type Connection, readConnection } from './connection.ts'
import { credentialColumns } from './credentials.ts'

const defaultDepthDays = 365

export interface NewConnection {
  tokens: TokenSet
  accountId: string
  simulated: boolean
}

/** Stores a connection that was just authorised, and asks for its last seven days; history follows by itself. */
export async function storeConnection(
  parts: Parts,
  user: { id: string; timeZone: string },
  plugin: PluginDeclaration,
  made: NewConnection,
): Promise<void> {
  const now = parts.clock.now()
  await parts.database.asUser(user.id, async (db) => {
    const connection = await writeConnection(parts, db, user.id, plugin, made)
    await requestImport(db, {
      connection,
      trigger: 'connect',
      asks: 'due',
      ...lastDays(localDay(now, user.timeZone)),
      now,
    })
  })
}

async function writeConnection(
  { sealer, clock }: Parts,
  db: Transaction,
  userId: string,
  plugin: PluginDeclaration,
  { tokens, accountId, simulated }: NewConnection,
): Promise<Connection> {
  const now = clock.now()
  await db
    .insertInto('user_integrations')
    .values({
      user_id: userId,
      source_id: plugin.id,
      state: 'disconnected',
      history_from: addDays(localDay(now, 'UTC'), -defaultDepthDays),
      created_at: now.toString(),
      disabled_streams: Object.keys(plugin.streams).filter((stream) => plugin.streams[stream]?.optional),
    })
    .onConflict((conflict) => conflict.columns(['user_id', 'source_id']).doNothing())
    .execute()
  const known = await readConnection(db, userId, plugin.id)
  if (!known) throw new Error('the connection vanished while it was made')
  if (known.account_id !== null && known.state !== 'disconnected' && known.account_id !== accountId) {
    throw new Problem(409, 'wrong_account', 'This is another account than the one that is connected.')
  }
  return db
    .updateTable('user_integrations')
    .set({
      ...credentialColumns(sealer, known, tokens),
      account_id: accountId,
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
}
