import type { Transaction } from '../database/database.ts'
import { type Notice, notify } from '../database/notifications.ts'

/** Tells those who watch that jobs changed, and, where one of them may begin (`due`), the workers. */
export async function notifyJobs(
  db: Transaction,
  jobs: readonly { id: string; user_id: string }[],
  { due = false } = {},
): Promise<void> {
  await notify(
    db,
    jobs.flatMap(({ id, user_id }): Notice[] => [
      ['import_job_changed', `${user_id} ${id}`],
      ...(due ? ([['import_job_due', id]] as const) : []),
    ]),
  )
}
