import { ImportError, importErrorCode } from '@tributary/plugin-sdk'
import { patient } from '../database/database.ts'
import { close, type Ending } from '../import-run/close.ts'
import { AttemptLost } from '../import-run/cover-windows.ts'
import { keepable } from '../import-run/keepable.ts'
import { createRun, RunEnded } from '../import-run/run.ts'
import { createUploadRun } from '../import-run/upload-run.ts'
import type { ImportJob } from '../jobs/claim-job.ts'
import type { Parts } from '../parts.ts'

/** Runs one claimed job to its end: finds the handler of its source, lets it process the import, settles the job. */
export async function runJob(parts: Parts, job: ImportJob, isStopped: () => boolean): Promise<void> {
  const { log, registry } = parts
  let ending: Ending = { covered: 0, failed: 0, code: undefined, reason: undefined, retryAt: undefined }
  try {
    const handler = registry.handlers.get(job.source_id)
    if (!handler) throw new ImportError('misconfigured', 'The plugin of this source is not installed.')
    const run = job.upload_id
      ? await createUploadRun({ ...parts, database: patient(parts.database) }, job, handler, job.upload_id)
      : await createRun(parts, job, handler, isStopped)
    ending = run.ending
    await handler.processImport(run)
  } catch (error) {
    if (error instanceof AttemptLost) return
    ending = endingOf(error, ending)
    try {
      await close(parts, job, ending)
    } catch (fault) {
      // What was cancelled or taken away may well break on the way.
      if (fault instanceof AttemptLost) return
      throw fault
    }
    if (importErrorCode(error) === undefined && !(error instanceof RunEnded)) {
      log.error({ job: job.id, err: error }, 'an import broke')
    }
  }
  log.info({ job: job.id, source: job.source_id, attempt: job.attempt, code: ending.code }, 'an import ended')
}

function endingOf(error: unknown, ending: Ending): Ending {
  if (error instanceof RunEnded) return ending
  const code = importErrorCode(error)
  return {
    ...ending,
    code: code ?? 'unavailable',
    reason: code
      ? keepable((error as Error).message)
      : 'Something went wrong here; the import is tried again.',
    retryAt: (error as { retryAt?: Temporal.Instant }).retryAt,
  }
}
