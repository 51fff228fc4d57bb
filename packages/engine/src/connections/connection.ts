import type { Stream } from '@tributary/plugin-sdk'
import type { Selectable } from 'kysely'
import type { Transaction } from '../database/database.ts'
import type { Schema } from '../database/schema.ts'

/** One user's authorised link to one account of a source. */
export type Connection = Selectable<Schema['user_integrations']>

/** A connection through which data can be asked for now. */
export type LiveConnection = Connection & { account_id: string; credentials: Buffer }

/**
 * States in which a connection's data is asked for without its user: also where an admin has to correct something, for who
 * corrects it, here or at the provider, tells nobody.
 */
export const importingStates = ['connected', 'retrying', 'misconfigured'] as const

export function readConnection(
  db: Transaction,
  userId: string,
  sourceId: string,
): Promise<Connection | undefined> {
  return db
    .selectFrom('user_integrations')
    .selectAll()
    .where('user_id', '=', userId)
    .where('source_id', '=', sourceId)
    .executeTakeFirst()
}

export function isLive(connection: Connection): connection is LiveConnection {
  return connection.account_id !== null && connection.credentials !== null
}

/** Whether the user allowed what a stream needs. */
export function isGranted(
  { scopes }: Pick<Stream, 'scopes'>,
  connection: Pick<Connection, 'scopes'>,
): boolean {
  return scopes?.every((scope) => connection.scopes?.includes(scope)) ?? true
}
