import { sql } from 'kysely'
import type { Parts } from '../parts.ts'
import { removeUpload } from './remove-upload.ts'

/** How often a request that receives a file says that it lives: at most every so many seconds, when bytes come. */
export const beatSeconds = 60
/** A connection that is silent is cut after two minutes: after so many without a sign no process works on the upload. */
const abandonedAfterSeconds = 5 * 60

/**
 * Removes the uploads whose process or connection ended before their file was complete: they would count towards what a user
 * may keep. Safe beside processes that receive files at that moment.
 */
export async function sweepUploads(
  { database, log }: Pick<Parts, 'database' | 'log'>,
  now: Temporal.Instant,
): Promise<void> {
  const before = now.subtract({ seconds: abandonedAfterSeconds }).toString()
  const abandoned = await database.asSystem((db) =>
    db
      .selectFrom('uploads')
      .select(['id', 'user_id'])
      .where('last_chunk_at', '<', sql<Temporal.Instant>`${before}::timestamptz`)
      .execute(),
  )
  for (const { id, user_id } of abandoned) {
    try {
      await database.asUser(user_id, (db) => removeUpload(db, user_id, id, before), { long: true })
    } catch (err) {
      log.error({ user: user_id, upload: id, err }, 'an upload that broke off could not be removed')
    }
  }
}
