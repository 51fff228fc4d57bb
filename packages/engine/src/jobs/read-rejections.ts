import type { Database } from '../database/database.ts'
import type { JobRejection, RejectionList } from '../contract/engine.ts'
import { getJob } from './read-jobs.ts'

/** What a job rejected, a part at a time. */
export async function listRejections(
  database: Database,
  userId: string,
  jobId: string,
  { limit = 50, after = '0' }: RejectionList,
): Promise<{ rejections: JobRejection[]; next: string | null }> {
  const { id } = await getJob(database, userId, jobId)
  const rows = await database.asUser(userId, (db) =>
    db
      .selectFrom('import_rejections')
      .innerJoin('fetches', 'fetches.id', 'import_rejections.fetch_id')
      .innerJoin('import_jobs', (join) =>
        join.on(({ or, eb }) =>
          or([
            eb('import_jobs.id', '=', eb.ref('fetches.job_id')),
            eb('import_jobs.upload_id', '=', eb.ref('fetches.upload_id')),
          ]),
        ),
      )
      .select([
        'import_rejections.id',
        'import_rejections.code',
        'import_rejections.reason',
        'import_rejections.path',
        'import_rejections.page',
        'import_rejections.record',
        'fetches.stream',
      ])
      .where('import_jobs.id', '=', id)
      .where('import_jobs.user_id', '=', userId)
      .where('import_rejections.id', '>', after)
      .orderBy('import_rejections.id')
      .limit(limit + 1)
      .execute(),
  )
  const shown = rows.slice(0, limit)
  return {
    rejections: shown.map(({ id: _, path, ...rejection }) => ({
      ...rejection,
      ...(path === null ? {} : { path }),
    })),
    next: rows.length > limit ? (shown.at(-1)?.id ?? null) : null,
  }
}
