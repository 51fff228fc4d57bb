import { ImportError, importErrorCode } from '@tributary/plugin-sdk'
import { close, type Ending, notBegun } from '../jobs/close-job.ts'
import { toStorableText } from '../domain/storable-text.ts'
import { logFailure } from '../import-run/log-failure.ts'
import { createRun } from '../import-run/create-run.ts'
import { type EngineRun, RunEnded } from '../import-run/engine-run.ts'
import { jobProblems } from '../domain/job-problems.ts'
import { problemOf } from '../database/machine-faults.ts'
import type { Parts } from '../parts.ts'
import { processImport } from '../sources/process-import.ts'
import type { ImportJob } from '../database/schema.ts'
import { AttemptLost } from '../jobs/fence.ts'

/** Runs one claimed job to its end: finds the handler of its source, lets it process the import, settles the job. */
export async function runJob(parts: Parts, job: ImportJob, isStopped: () => boolean): Promise<void> {
  const { log, registry } = parts
  let run: EngineRun | undefined
  let ending: Ending = notBegun
  try {
    const handler = registry.handlers.get(job.source_id)
    if (!handler) throw new ImportError('misconfigured', 'The plugin of this source is not installed.')
    run = await createRun(parts, job, handler, isStopped)
    ending = run.ending
    await processImport(handler, run)
  } catch (error) {
    if (error instanceof AttemptLost) return
    ending = endingOf(error, ending)
    try {
      await close(parts, job, ending, run?.uncommitted)
    } catch (fault) {
      // What was cancelled or taken away may well break on the way.
      if (fault instanceof AttemptLost) return
      throw fault
    }
    if (importErrorCode(error) === undefined && !(error instanceof RunEnded)) {
      log.error({ job: job.id, err: error }, 'an import broke')
    } else if (error instanceof ImportError) logFailure(log, job, error)
  }
  log.info({ job: job.id, source: job.source_id, attempt: job.attempt, code: ending.code }, 'an import ended')
}

function endingOf(error: unknown, ending: Ending): Ending {
  if (error instanceof RunEnded) return ending
  const code = importErrorCode(error)
  if (!code) {
    const reason = problemOf(error)?.message ?? jobProblems['failed-here'].message
    return { ...ending, code: 'unavailable', reason, problem: 'failed-here', retryAt: undefined }
  }
  return {
    ...ending,
    code,
    reason: toStorableText((error as Error).message),
    // What cannot be read of a file is not for its source to correct.
    problem: code === 'bad-record' ? (ending.problem ?? code) : code,
    retryAt: (error as ImportError).retryAt,
  }
}
