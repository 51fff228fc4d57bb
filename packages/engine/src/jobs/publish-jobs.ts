import type { Transaction } from '../database/database.ts'
import type { Notice } from '../database/notifications.ts'
import type { ImportJob } from '../database/schema.ts'
import { publish } from '../events/publish.ts'

/** Publishes the state that jobs have now, and wakes the workers where one of them may begin (`due`). */
export async function publishJobs(
  db: Transaction,
  jobs: readonly Pick<ImportJob, 'id' | 'user_id' | 'status'>[],
  { due = false } = {},
): Promise<void> {
  const events = jobs.map(({ id, user_id: userId, status }) => {
    return { userId, kind: 'job-changed', payload: { jobId: id, status } } as const
  })
  await publish(db, events, due ? jobs.map(({ id }): Notice => ['import_job_due', id]) : [])
}

/**
 * The notice that a job has come further. It is no event: it is sent with each group of windows, a page that misses it shows the
 * next one, and nobody needs it later.
 */
export const progressOf = ({ id, user_id }: Pick<ImportJob, 'id' | 'user_id'>): Notice => [
  'import_job_progress',
  `${user_id} ${id}`,
]
