import { sql } from 'kysely'
import { holdBodies } from '../import-run/keep-pages.ts'
import { removeBodies } from '../import-run/remove-bodies.ts'
import { rollUp } from '../import-run/roll-up.ts'
import type { Parts } from '../parts.ts'
import { Problem } from '../problem.ts'
import { isUuid } from '../database/is-uuid.ts'
import { cancelJobs } from '../jobs/cancel-jobs.ts'

/** Takes an upload back: its layer goes, and what lay under it shows again. */
export async function undoUpload({ database, clock }: Parts, userId: string, id: string): Promise<void> {
  // For good before anything is removed, or its import and this might wait for each other.
  if (isUuid(id))
    await database.asUser(userId, (db) =>
      cancelJobs(db, { upload_id: id }, 'The upload was taken back.', clock.now()),
    )
  await database.asUser(userId, async (db) => {
    await holdBodies(db, userId, 'alone')
    const upload = isUuid(id)
      ? await db
          .updateTable('uploads')
          .set({ undone_at: clock.now().toString() })
          .where('id', '=', id)
          .where('undone_at', 'is', null)
          .returningAll()
          .executeTakeFirst()
      : undefined
    if (!upload) throw new Problem(404, 'unknown-upload', 'There is no such upload.')
    await cancelJobs(db, { upload_id: id }, 'The upload was taken back.', clock.now())
    const series = await db
      .deleteFrom('series')
      .where('user_id', '=', userId)
      .where('source_id', '=', upload.source_id)
      .where('layer', '=', upload.layer)
      .returning('field')
      .execute()
    await db.deleteFrom('fetches').where('upload_id', '=', id).execute()
    await removeBodies(db, userId)
    const { time_zone: zone } = await db.selectFrom('users').select('time_zone').executeTakeFirstOrThrow()
    const { from_day: from, to_day: to } = upload
    if (from && to) {
      const fields = series.map(({ field }) => field)
      await rollUp(db, { userId, sourceId: upload.source_id, zone, slices: [{ fields, from, to }] })
    }
    await sql`delete from source_fields f where f.user_id = ${userId} and f.source_id = ${upload.source_id}
      and not exists (select from series s where s.source_id = f.source_id and s.field = f.field)`.execute(db)
  })
}
