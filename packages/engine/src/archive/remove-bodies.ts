import { sql } from 'kysely'
import type { Transaction } from '../database/database.ts'
import { lockBodies } from '../database/locks.ts'

/**
 * Removes bodies of a user that no page names any more, while nobody writes pages. Who has removed pages in the same
 * transaction holds the bodies before that, or might wait for who waits for them.
 */
export async function removeBodies(db: Transaction, userId: string): Promise<void> {
  await lockBodies(db, userId)
  await sql`
    delete from raw_bodies b where user_id = ${userId} and not exists (
      select from raw_pages p where p.user_id = b.user_id and p.hash = b.hash)`.execute(db)
}
