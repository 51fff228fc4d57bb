import { type RawBuilder, sql, type Updateable } from 'kysely'
import type { Transaction } from '../database/database.ts'
import type { ImportJob, Schema } from '../database/schema.ts'
import { type JobEvent, stateAfter, statesBefore } from '../domain/job-machine.ts'
import { listStates } from './job-states.ts'
import { publishJobs } from './publish-jobs.ts'

/** What an event changes of a job beside its state. */
export type JobChange = Partial<Record<Exclude<keyof Updateable<Schema['import_jobs']>, 'status'>, unknown>>

/**
 * Lets an event happen to the jobs that `where` selects and that are in a state in which it does, and publishes their new state;
 * `due`: wakes the workers as well. Returns the jobs as they are then. Nothing else changes the state of a job.
 */
export async function moveJobs(
  db: Transaction,
  event: JobEvent,
  { where, change = {}, due = false }: { where: RawBuilder<unknown>; change?: JobChange; due?: boolean },
): Promise<ImportJob[]> {
  const status = stateAfter(event)
  const moved = await db
    .updateTable('import_jobs')
    .set({ ...(change as Updateable<Schema['import_jobs']>), ...(status ? { status } : {}) })
    .where(sql<boolean>`status in (${listStates(statesBefore(event))}) and (${where})`)
    .returningAll()
    .execute()
  await publishJobs(db, moved, { due })
  return moved
}
