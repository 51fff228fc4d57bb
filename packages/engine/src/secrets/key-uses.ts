import { sql } from 'kysely'
import type { Transaction } from '../database/database.ts'
import { type SealedColumn, sealedByRing } from './sealed-by-ring.ts'

/** How many values of a table a key of the ring seals. */
export interface KeyUse {
  keyId: string
  table: SealedColumn['table']
  /** What these values are, e.g. "settings". */
  words: string
  values: number
}

/** Counts, by key and table, everything that the ring seals. */
export async function readKeyUses(db: Transaction): Promise<KeyUse[]> {
  const counts = sealedByRing.map(
    ({ table, words }) => sql`
      select key_id as "keyId", ${sql.lit(table)} as "table", ${sql.lit(words)} as words, count(*)::integer as "values"
      from ${sql.table(table)} where key_id is not null group by key_id`,
  )
  const { rows } = await sql<KeyUse>`${sql.join(counts, sql` union all `)} order by 1, 2`.execute(db)
  return rows
}
