import { type ImportError, type ImportErrorCode, importErrorCode, type Window } from '@tributary/plugin-sdk'
import { forgetScopes } from '../connections/forget-scopes.ts'
import { toStorableText } from '../domain/storable-text.ts'
import { AttemptLost } from '../jobs/fence.ts'
import { recordPermanentError } from '../jobs/record-permanent-error.ts'
import { failWindows } from '../planning/record-coverage.ts'
import { RunEnded } from './engine-run.ts'
import { logFailure } from './log-failure.ts'
import { streamOf, type WindowAttempt } from './window-attempt.ts'

/** Errors after which no other window of the connection can be fetched either. */
const endsRun: readonly ImportErrorCode[] = ['reauthorize', 'rate-limited', 'retired']

/**
 * Records why a window failed. Throws `RunEnded` if no other window can be fetched either, and the error itself if it is not a
 * failure of the source or plugin.
 */
export async function failWindow(attempt: WindowAttempt, window: Window, error: unknown): Promise<void> {
  if (error instanceof AttemptLost) throw error
  const code = importErrorCode(error)
  if (code === undefined) throw error
  logFailure(attempt.parts.log, attempt.job, error as ImportError, window)
  const { retryAt } = error as { retryAt?: Temporal.Instant }
  const message = toStorableText((error as Error).message)
  if (code === 'not-allowed' && (streamOf(attempt, window).scopes ?? []).length > 0) {
    await refuseStream(attempt, window, message)
    return
  }
  attempt.outcome.failed(window, { code, message, retryAt })
  if (code !== 'rate-limited') await skipFailed(attempt, window, code)
  if (endsRun.includes(code)) {
    await attempt.queue.flush()
    throw new RunEnded()
  }
}

/** The user has taken back the scopes of a stream: it is left out until the connection is allowed them again. */
async function refuseStream(attempt: WindowAttempt, window: Window, message: string): Promise<void> {
  const { parts, job, connection, skipped, outcome } = attempt
  const { scopes = [], name = window.stream } = streamOf(attempt, window)
  skipped.skipStream(window.stream)
  outcome.notAllowed(window.stream, message)
  await parts.database.asUser(job.user_id, async (db) => {
    await recordPermanentError(db, job, `${name}: ${message}`, 'not-allowed')
    await forgetScopes(db, connection.id, scopes)
  })
}

/** Skips what failed for the rest of the attempt. A stream that is not allowed for one window is not allowed for any. */
async function skipFailed(attempt: WindowAttempt, window: Window, code: ImportErrorCode): Promise<void> {
  const { parts, job, account, planned, skipped } = attempt
  skipped.failed(window)
  if (code === 'not-allowed') skipped.skipStream(window.stream)
  const lost = planned.filter(({ stream }) => code === 'not-allowed' && stream === window.stream)
  await parts.database.asUser(job.user_id, (db) => failWindows(db, account, [window, ...lost]))
}
