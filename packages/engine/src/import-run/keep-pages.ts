import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { zstdCompress, zstdCompressSync } from 'node:zlib'
import { sql } from 'kysely'
import type { Transaction } from '../database/database.ts'

const compress = promisify(zstdCompress)
/** Below this a thread costs more than it saves. */
const smallBytes = 1 << 16

/** An answer as it came, ready to be kept. */
export interface RawPage {
  page: number
  hash: Buffer
  body: Buffer
  body_bytes: number
}

export async function packPage(page: number, raw: Buffer): Promise<RawPage> {
  const body = raw.length < smallBytes ? zstdCompressSync(raw) : await compress(raw)
  return { page, hash: createHash('sha256').update(raw).digest(), body, body_bytes: raw.length }
}

/** Keeps bodies from being removed while pages are written that name them, and the other way round. */
export async function holdBodies(db: Transaction, userId: string, how: 'together' | 'alone'): Promise<void> {
  const key = sql`hashtext('bodies ' || ${userId})`
  if (how === 'alone') await sql`select pg_advisory_xact_lock(${key})`.execute(db)
  else await sql`select pg_advisory_xact_lock_shared(${key})`.execute(db)
}

/** Keeps pages of a fetch; a body that the user has already is not stored again. */
export async function keepPages(
  db: Transaction,
  userId: string,
  fetchId: string,
  pages: RawPage[],
): Promise<void> {
  if (pages.length === 0) return
  await holdBodies(db, userId, 'together')
  await db
    .with('bodies', (query) =>
      query
        .insertInto('raw_bodies')
        .values(pages.map(({ hash, body, body_bytes }) => ({ user_id: userId, hash, body, body_bytes })))
        .onConflict((conflict) => conflict.doNothing()),
    )
    .insertInto('raw_pages')
    .values(pages.map(({ page, hash }) => ({ fetch_id: fetchId, page, user_id: userId, hash })))
    .execute()
}
