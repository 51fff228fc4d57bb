import type { Selectable } from 'kysely'
import type { Schema } from '../database/schema.ts'
import type { Transaction } from '../database/database.ts'
import type { SourceAccount } from '../domain/source-account.ts'

/** One remap of a connection: its stored answers read again. */
export type RemapRow = Selectable<Schema['remaps']>

/** Those in which a remap goes on or waits for its user's word. */
export const openStates: RemapRow['status'][] = ['comparing', 'ready', 'applying']

export function accountOf({ user_id, source_id, account_id }: RemapRow): SourceAccount {
  return { userId: user_id, sourceId: source_id, accountId: account_id }
}

/** Holds a remap's row to the end of the transaction; `false` where its user or another worker moved it meanwhile. */
export async function holdRemap(db: Transaction, { id, status }: RemapRow): Promise<boolean> {
  const held = await db
    .selectFrom('remaps')
    .select('id')
    .where('id', '=', id)
    .where('status', '=', status)
    .forUpdate()
    .executeTakeFirst()
  return held !== undefined
}
