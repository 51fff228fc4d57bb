import type { Selectable } from 'kysely'
import type { Schema } from '../database/schema.ts'
import type { Account } from '../import-run/find-series.ts'

/** One reading anew of a connection's stored answers. */
export type RemapRow = Selectable<Schema['remaps']>

export function accountOf({ user_id, source_id, account_id }: RemapRow): Account {
  return { userId: user_id, sourceId: source_id, accountId: account_id }
}
