import { sql } from 'kysely'
import type { Transaction } from '../database/database.ts'
import type { SourceAccount } from '../domain/source-account.ts'
import type { SeriesName } from './series-names.ts'

export interface Series extends SeriesName {
  id: number
  /** It has measurements, not only daily records. */
  measured: boolean
}

/** All series that an account has of some fields, and those that records name, made where they are not there yet. */
export async function findSeries(
  db: Transaction,
  account: SourceAccount,
  fields: string[],
  named: SeriesName[],
): Promise<Series[]> {
  const known = await readSeries(db, account, fields)
  const keys = new Set(known.map(keyOf))
  const missing = new Map(named.filter((name) => !keys.has(keyOf(name))).map((name) => [keyOf(name), name]))
  if (missing.size === 0) return known
  const names = [...missing.values()]
  await sql`
    insert into series (user_id, source_id, account_id, field, dimension, origin)
    select ${account.userId}, ${account.sourceId}, ${account.accountId}, * from unnest(
      ${names.map(({ field }) => field)}::text[], ${names.map(({ dimension }) => dimension)}::text[],
      ${names.map(({ origin }) => origin)}::text[])
    on conflict do nothing`.execute(db)
  return readSeries(db, account, fields)
}

export function keyOf({ field, dimension, origin }: SeriesName): string {
  return JSON.stringify([field, dimension, origin])
}

async function readSeries(db: Transaction, { userId, sourceId, accountId }: SourceAccount, fields: string[]) {
  // By the order, which only the index gives: "exists" may read all that is stored, where few series hold it.
  const { rows } = await sql<Series>`
    select id, field, dimension, origin,
      (select start_at from measurements where series_id = series.id order by start_at limit 1) is not null as measured
    from series
    where user_id = ${userId} and source_id = ${sourceId} and account_id = ${accountId} and layer = 0
      and field = any(${fields})`.execute(db)
  return rows
}
