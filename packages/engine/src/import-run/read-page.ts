import { promisify } from 'node:util'
import { zstdDecompress } from 'node:zlib'
import type { Transaction } from '../database/database.ts'

const decompress = promisify(zstdDecompress)

/** A page of a fetch as it came; `undefined` where there is none. */
export async function readPage(db: Transaction, fetchId: string, page: number): Promise<Buffer | undefined> {
  const row = await db
    .selectFrom('raw_pages')
    .select('body')
    .where('fetch_id', '=', fetchId)
    .where('page', '=', page)
    .executeTakeFirst()
  return row && decompress(row.body)
}
