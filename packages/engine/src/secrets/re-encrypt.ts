import { sql } from 'kysely'
import type { Database, Transaction } from '../database/database.ts'
import { type SealedColumn, sealedByRing } from './sealed-by-ring.ts'
import type { Sealer } from './sealer.ts'

const batch = 200

/**
 * Seals by the key that seals now whatever another key of the ring seals: users' keys and the installation's secrets. In
 * batches, each of them whole, beside everything else that goes on: cut short it goes on where it stopped, and after its end
 * it finds nothing to do. Gives how many values it sealed again.
 */
export async function reEncrypt(
  database: Database,
  sealer: Sealer,
  progress: (sealed: number) => void = () => {},
): Promise<number> {
  let sealed = 0
  for (const column of sealedByRing) {
    for (;;) {
      const count = await database.asSystem((db) => resealBatch(db, sealer, column))
      if (count === 0) break
      sealed += count
      progress(sealed)
    }
  }
  return sealed
}

async function resealBatch(
  db: Transaction,
  sealer: Sealer,
  { table, row, rowType, column, place }: SealedColumn,
): Promise<number> {
  const { rows } = await sql<{ row: string; sealed: Buffer }>`
    select ${sql.ref(row)} as row, ${sql.ref(column)} as sealed from ${sql.table(table)}
    where key_id <> ${sealer.ring.primary} order by 1 limit ${batch} for update`.execute(db)
  if (rows.length === 0) return 0
  const keys = rows.map((one) => one.row)
  const resealed = rows.map((one) => sealer.reseal(one.sealed, place(one.row)))
  await sql`
    update ${sql.table(table)} as sealed set ${sql.ref(column)} = resealed.value
    from unnest(${keys}::${sql.raw(rowType)}[], ${resealed}::bytea[]) as resealed(row, value)
    where sealed.${sql.ref(row)} = resealed.row`.execute(db)
  return rows.length
}
