import { sql } from 'kysely'
import type { Transaction } from '../database/database.ts'
import { isUuid } from '../database/is-uuid.ts'
import { removeBodies } from '../archive/remove-bodies.ts'
import { rollUpDays } from '../values/roll-up.ts'
import { touchedDays } from '../values/touched-days.ts'
import { cancelJobs } from '../jobs/cancel-jobs.ts'
import type { Parts } from '../parts.ts'
import { Problem } from '../domain/problem.ts'
import { restoreMeaning } from './restore-meaning.ts'
import { lockBodies, lockValues } from '../database/locks.ts'

/** Undoes an upload: its layer is deleted, and older ones count again, those too that it had replaced. */
export async function undoUpload(parts: Parts, userId: string, id: string): Promise<void> {
  const { database, clock, registry } = parts
  // For good before anything is removed, or its import and this might wait for each other.
  if (isUuid(id))
    await database.asUser(userId, (db) =>
      cancelJobs(db, { upload_id: id }, 'The upload was taken back.', clock.now()),
    )
  await database.asUser(userId, async (db) => {
    const { source_id: sourceId } = await readUpload(db, id)
    await lockValues(db, userId, sourceId)
    await lockBodies(db, userId)
    await cancelJobs(db, { upload_id: id }, 'The upload was taken back.', clock.now())
    const upload = await db
      .updateTable('uploads')
      .set({ undone_at: clock.now().toString() })
      .where('id', '=', id)
      .where('undone_at', 'is', null)
      .returningAll()
      .executeTakeFirst()
    if (!upload) throw unknownUpload()
    const revived = await db
      .updateTable('uploads')
      .set({ replaced_by: upload.replaced_by })
      .where('replaced_by', '=', id)
      .returning('layer')
      .execute()
    const layers = [upload, ...revived].map(({ layer }) => layer)
    const days = await touchedDays(db, { userId, sourceId, layers })
    const series = await db
      .deleteFrom('series')
      .where('user_id', '=', userId)
      .where('source_id', '=', sourceId)
      .where('layer', '=', upload.layer)
      .returning('field')
      .execute()
    await db.deleteFrom('fetches').where('upload_id', '=', id).execute()
    await removeBodies(db, userId)
    const { time_zone: zone } = await db.selectFrom('users').select('time_zone').executeTakeFirstOrThrow()
    const fields = [...new Set(series.map(({ field }) => field))]
    await rollUpDays(db, { userId, cause: 'removed', sourceId, zone, fields, days })
    const plugin = registry.find(sourceId)
    if (plugin) await restoreMeaning(parts, db, plugin, { userId, sourceId, zone })
    await sql`delete from source_fields f where f.user_id = ${userId} and f.source_id = ${sourceId}
      and not exists (select from series s where s.source_id = f.source_id and s.field = f.field)`.execute(db)
  })
}

async function readUpload(db: Transaction, id: string): Promise<{ source_id: string }> {
  const upload = isUuid(id)
    ? await db.selectFrom('uploads').select('source_id').where('id', '=', id).executeTakeFirst()
    : undefined
  if (!upload) throw unknownUpload()
  return upload
}

const unknownUpload = () => new Problem(404, 'unknown-upload', 'There is no such upload.')
