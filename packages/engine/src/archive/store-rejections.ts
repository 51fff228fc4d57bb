import { sql } from 'kysely'
import type { Transaction } from '../database/database.ts'
import { toStorableText } from '../domain/storable-text.ts'
import type { RejectionCode } from '../domain/rejection-code.ts'

/** A rejected record or value, with the reason and the fetch that it came by. */
export interface Rejected {
  fetchId: string
  code: RejectionCode
  /** Where in a file it stands. */
  path?: string
  page: number | null
  reason: string
  record: unknown
}

/** Stores rejected records, for whoever asks why their values are missing. */
export async function storeRejections(db: Transaction, userId: string, rejected: Rejected[]): Promise<void> {
  if (rejected.length === 0) return
  // In arrays: a statement takes 65,535 values one by one, and some windows have more together.
  await sql`
    insert into import_rejections (user_id, fetch_id, code, path, page, reason, record)
    select ${userId}, * from unnest(${rejected.map(({ fetchId }) => fetchId)}::bigint[],
      ${rejected.map(({ code }) => code)}::text[], ${rejected.map(({ path }) => path ?? null)}::text[], ${rejected.map(({ page }) => page)}::integer[], ${rejected.map(({ reason }) => toStorableText(reason))}::text[],
      ${rejected.map(({ record }) => toJson(record))}::jsonb[])`.execute(db)
}

/** A record as JSON that PostgreSQL takes, whatever stands in it. */
export function toJson(record: unknown): string {
  return JSON.stringify(record ?? null, (_, value: unknown) => {
    if (typeof value === 'string') return toStorableText(value)
    if (typeof value === 'bigint') return String(value)
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
    return Object.fromEntries(
      Object.entries(value).map(([key, part]) => [toStorableText(key), part as unknown]),
    )
  })
}
