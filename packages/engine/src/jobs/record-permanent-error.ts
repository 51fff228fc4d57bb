import type { Transaction } from '../database/database.ts'
import type { ImportJob } from '../database/schema.ts'
import type { JobProblemCode } from '../domain/job-problems.ts'

/** Records an error that no further attempt of the job can fix, unless this attempt lost the job. */
export async function recordPermanentError(
  db: Transaction,
  job: ImportJob,
  message: string,
  problem: JobProblemCode,
): Promise<void> {
  await db
    .updateTable('import_jobs')
    .set({ permanent_error: message, permanent_problem: problem })
    .where('id', '=', job.id)
    .where('attempt', '=', job.attempt)
    .execute()
}
