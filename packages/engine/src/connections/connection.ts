import type { Stream } from '@tributary/plugin-sdk'
import { type Selectable, sql } from 'kysely'
import type { Transaction } from '../database/database.ts'
import { isUuid } from '../database/is-uuid.ts'
import type { Schema } from '../database/schema.ts'
import { Problem } from '../domain/problem.ts'
import { uploadsAccount } from '../domain/source-account.ts'

/** One user's authorised link to one account of a source. */
export type Connection = Selectable<Schema['user_integrations']>

/** A connection through which data can be asked for now. */
export type LiveConnection = Connection & { account_id: string; credentials: Buffer }

/**
 * States in which a connection's data is asked for without its user: also where an admin has to correct something, for who
 * corrects it, here or at the provider, tells nobody.
 */
export const importingStates = ['connected', 'retrying', 'misconfigured'] as const

/** A source of a user, or one of several connections to it. */
export interface ConnectionOf {
  userId: string
  sourceId: string
  /** The id of the connection; the first one unless given. */
  connectionId?: string | undefined
}

/**
 * Reads a connection, or the first one of the source: the oldest; `undefined` where the source has none. Throws `Problem` 404
 * where there is no connection of the given id.
 */
export async function readConnection(
  db: Transaction,
  { userId, sourceId, connectionId }: ConnectionOf,
): Promise<Connection | undefined> {
  if (connectionId === undefined) return (await connectionsOf(db, { userId, sourceId }).execute())[0]
  const found = isUuid(connectionId)
    ? await connectionsOf(db, { userId, sourceId }).where('id', '=', connectionId).executeTakeFirst()
    : undefined
  if (!found) throw new Problem(404, 'unknown-connection', 'This source has no such connection.')
  return found
}

/** A user's connections to a source, the first one first: one of uploads alone comes last. */
export function connectionsOf(db: Transaction, { userId, sourceId }: Omit<ConnectionOf, 'connectionId'>) {
  return db
    .selectFrom('user_integrations')
    .selectAll()
    .where('user_id', '=', userId)
    .where('source_id', '=', sourceId)
    .orderBy(firstOrder)
}

/** The order of a user's connections to a source, as in the view `first_connections`. */
export const firstOrder = sql`account_id is not distinct from ${sql.lit(uploadsAccount)}, created_at, id`

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
