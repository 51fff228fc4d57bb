import { sql } from 'kysely'
import type { Database } from '../database/database.ts'
import { lockBodies } from '../database/locks.ts'

const batchSize = 2000
const firstHash = Buffer.alloc(0)

/**
 * Deletes bodies of a user that no page refers to. Looks for them without a lock; only the deletion of those that were found
 * keeps pages from being written meanwhile.
 */
export async function pruneBodies(
  database: Database,
  userId: string,
  isStopped: () => boolean,
): Promise<void> {
  let after: Uint8Array = firstHash
  while (!isStopped()) {
    const { rows } = await database.asUser(userId, (db) => storedBodies(userId, after).execute(db))
    const unnamed = rows.filter(({ isNamed }) => !isNamed).map(({ hash }) => hash)
    if (unnamed.length > 0)
      await database.asUser(userId, async (db) => {
        await lockBodies(db, userId)
        await sql`
          delete from raw_bodies b where user_id = ${userId} and hash = any(${unnamed}::bytea[])
            and not exists (select from raw_pages p where p.user_id = b.user_id and p.hash = b.hash)`.execute(
          db,
        )
      })
    if (rows.length < batchSize) break
    after = rows.at(-1)?.hash ?? after
  }
}

/** The next bodies of a user after a hash, and whether a page refers to each. */
export function storedBodies(userId: string, after: Uint8Array) {
  return sql<{ hash: Buffer; isNamed: boolean }>`
    select b.hash, exists (select from raw_pages p where p.user_id = ${userId} and p.hash = b.hash) as "isNamed"
    from (
      select hash from raw_bodies where user_id = ${userId} and hash > ${after}::bytea order by hash limit ${batchSize}
    ) as b
    order by b.hash`
}
