import { promisify } from 'node:util'
import { zstdDecompress } from 'node:zlib'
import type { Transaction } from '../database/database.ts'

const decompress = promisify(zstdDecompress)

/** A page of a fetch as it came, or `undefined` where there is none. */
export async function readPage(db: Transaction, fetchId: string, page: number): Promise<Buffer | undefined> {
  const row = await db
    .selectFrom('raw_pages')
    .innerJoin('raw_bodies', (join) =>
      join
        .onRef('raw_bodies.user_id', '=', 'raw_pages.user_id')
        .onRef('raw_bodies.hash', '=', 'raw_pages.hash'),
    )
    .select('raw_bodies.body')
    .where('fetch_id', '=', fetchId)
    .where('page', '=', page)
    .executeTakeFirst()
  return row && decompress(row.body)
}
