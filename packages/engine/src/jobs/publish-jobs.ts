import type { Transaction } from '../database/database.ts'
import { type Notice, notify } from '../database/notifications.ts'
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
 * Notifies those who watch that a job has come further. No event: it happens with each group of windows, a page that misses it
 * shows the next one, and nothing but the state of a job is of use to anybody later.
 */
export async function notifyProgress(db: Transaction, { id, user_id }: ImportJob): Promise<void> {
  await notify(db, [['import_job_progress', `${user_id} ${id}`]])
}
