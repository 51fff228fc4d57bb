import { sql } from 'kysely'
import type { Transaction } from '../database/database.ts'
import { removeBodies } from '../archive/remove-bodies.ts'
import { lockBodies } from '../database/locks.ts'

/**
 * Removes an upload with what was stored of its file. `abandonedBefore`: only where the file is not complete and its last
 * bytes came before that moment.
 */
export async function removeUpload(
  db: Transaction,
  userId: string,
  uploadId: string,
  abandonedBefore?: string,
): Promise<void> {
  await lockBodies(db, userId)
  let upload = db.deleteFrom('uploads').where('id', '=', uploadId)
  if (abandonedBefore !== undefined)
    upload = upload.where('last_chunk_at', '<', sql<Temporal.Instant>`${abandonedBefore}::timestamptz`)
  await upload.execute()
  await removeBodies(db, userId)
}
