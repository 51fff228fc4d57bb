import { type RawBuilder, sql } from 'kysely'
import type { Database, Transaction } from './database.ts'

/** Work that one process at a time may claim: rows of a table with the column `lease_until`. */
export interface Leases {
  table: 'import_jobs' | 'remaps' | 'retention_runs'
  seconds: number
}

/** The end of a lease that begins or is renewed now. The database's clock decides, whichever processes there are. */
export const leaseEnd = (seconds: number) => sql`clock_timestamp() + make_interval(secs => ${seconds})`

/** Also a lease that ends later than any worker asks for: the clock was set back. Its worker, if it lives, renews it. */
export const leaseEnded = sql`(lease_until < clock_timestamp() or lease_until > clock_timestamp() + interval '10 minutes')`

/** Claims the first of some rows that no other process holds; `undefined` where there is none. */
export async function claimLease<Row>(
  db: Transaction,
  { table, seconds }: Leases,
  {
    key,
    candidates,
    returning,
  }: { key: 'id' | 'only_row'; candidates: RawBuilder<unknown>; returning: string[] },
): Promise<Row | undefined> {
  const { rows } = await sql<Row>`
    update ${sql.table(table)} set lease_until = ${leaseEnd(seconds)}
    where ${sql.ref(key)} = (
      select ${sql.ref(key)} from ${sql.table(table)} where (lease_until is null or ${leaseEnded}) and ${candidates}
      limit 1 for update skip locked)
    returning ${sql.join(returning.map((column) => sql.ref(column)))}`.execute(db)
  return rows[0]
}

/** Renews a lease. `false`: the row is no longer this process's. */
export async function renewLease(
  database: Database,
  { table, seconds }: Leases,
  isMine: RawBuilder<unknown>,
): Promise<boolean> {
  const { numAffectedRows = 0n } = await database.asSystem((db) =>
    sql`update ${sql.table(table)} set lease_until = ${leaseEnd(seconds)}
      where lease_until is not null and ${isMine}`.execute(db),
  )
  return numAffectedRows > 0n
}
