import type { Transaction } from '../database/database.ts'
import type { ImportJob } from '../database/schema.ts'

/** Another worker has the job, or it was cancelled: this one writes nothing more. */
export class AttemptLost extends Error {}

/** Holds the job's row to the end of the transaction, if this attempt is still the one that counts. */
export async function fence(db: Transaction, job: ImportJob): Promise<Pick<ImportJob, 'waits'>> {
  const held = await db
    .selectFrom('import_jobs')
    .select('waits')
    .where('id', '=', job.id)
    .where('attempt', '=', job.attempt)
    .where('status', '=', 'running')
    .forUpdate()
    .executeTakeFirst()
  if (!held) throw new AttemptLost()
  return held
}
