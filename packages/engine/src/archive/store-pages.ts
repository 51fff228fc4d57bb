import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { zstdCompress, zstdCompressSync } from 'node:zlib'
import { sql } from 'kysely'
import type { Transaction } from '../database/database.ts'
import { shareBodies } from '../database/locks.ts'

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

/** Keeps further pages of a fetch; a body that the user has already is not stored again. */
export async function storePages(
  db: Transaction,
  userId: string,
  fetchId: string,
  pages: RawPage[],
): Promise<void> {
  if (pages.length === 0) return
  await sql`with written (fetch_id) as (select ${fetchId}::bigint), ${insertPages(userId, pages)} select 1`.execute(
    db,
  )
}

/** What a fetch asks, and for whom. */
export interface NewFetch {
  user_id: string
  source_id: string
  account_id: string
  stream: string
  data_type: string
  from_day: string
  to_day: string
  zone: string
  job_id: string
}

/**
 * Begins a fetch with its first pages, and gives its id: all in one statement, since an import makes dozens of them.
 * `undefined` where its job was cancelled: what was removed meanwhile would come back.
 */
export async function beginFetch(
  db: Transaction,
  fetch: NewFetch,
  complete: boolean,
  pages: RawPage[],
): Promise<string | undefined> {
  const { user_id, source_id, account_id, stream, data_type, from_day, to_day, zone, job_id } = fetch
  const more = pages.length > 0 ? sql`, ${insertPages(user_id, pages)}` : sql``
  const { rows } = await sql<{ id: string }>`
    with written (fetch_id) as (
      insert into fetches (user_id, source_id, account_id, stream, data_type, from_day, to_day, zone, job_id, completed_at)
      select ${user_id}, ${source_id}, ${account_id}, ${stream}, ${data_type}, ${from_day}, ${to_day}, ${zone}, id,
        case when ${complete} then now() end
      from import_jobs where id = ${job_id} and status <> 'cancelled'
      returning id
    )${more}
    select fetch_id as id from written`.execute(db)
  return rows[0]?.id
}

/** Parts of a statement that keeps pages of the fetch that `written` names. The lock is had before a body is looked for. */
function insertPages(userId: string, pages: RawPage[]) {
  const rows = pages.map(
    ({ page, hash, body, body_bytes }) =>
      sql`(${page}::integer, ${hash}::bytea, ${body}::bytea, ${body_bytes}::integer)`,
  )
  return sql`
    locked as materialized (select ${shareBodies(userId)}),
    given (page, hash, body, body_bytes) as (values ${sql.join(rows)}),
    bodies as (
      insert into raw_bodies (user_id, hash, body, body_bytes)
      select ${userId}::uuid, hash, body, body_bytes from locked, given
      where exists (select from written)
      on conflict do nothing
    ), pages as (
      insert into raw_pages (fetch_id, page, user_id, hash) select fetch_id, page, ${userId}::uuid, hash from written, given
    )`
}
