import type { BaseIntegrationHandler } from '@tributary/plugin-sdk'
import { patient } from '../database/database.ts'
import type { ImportJob } from '../database/schema.ts'
import type { Parts } from '../parts.ts'
import type { EngineRun } from './engine-run.ts'
import { createFileRun } from './file-run.ts'
import { createPushRun } from './push-run.ts'
import { createWindowRun } from './window-run.ts'

/** Prepares the run of a claimed job, in the form that the job has. */
export function createRun(
  parts: Parts,
  job: ImportJob,
  handler: BaseIntegrationHandler,
  isStopped: () => boolean,
): Promise<EngineRun> {
  if (job.upload_id) {
    return createFileRun({ ...parts, database: patient(parts.database) }, job, handler, job.upload_id)
  }
  if (job.trigger === 'push') return createPushRun(parts, job, handler)
  return createWindowRun(parts, job, handler, isStopped)
}
