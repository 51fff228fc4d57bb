import { recordPermanentError } from '../jobs/record-permanent-error.ts'
import { timeStep } from '../runtime/time-step.ts'
import { nameOfDataType } from '../sources/data-types.ts'
import { commitWindows, type ReadyWindow } from './commit-windows.ts'
import { describeTooManyRejected } from './outcome.ts'
import type { WindowAttempt } from './window-attempt.ts'

/** Commits windows in one transaction. Those that lack stored values are left as they are, to be requested once more. */
export async function writeWindows(attempt: WindowAttempt, windows: ReadyWindow[]): Promise<void> {
  const { parts, job, account, zone, handler, outcome } = attempt
  const { plugin } = handler
  const target = { job, account, zone, mappingVersion: plugin.mappingVersion ?? 1, now: parts.clock.now() }
  const refused = await timeStep('write', () =>
    parts.database.asUser(job.user_id, async (db) => {
      const refused = await commitWindows(db, target, windows)
      const [permanentError] = windows
        .filter((window) => !refused.includes(window))
        .flatMap((window) => describeTooManyRejected(nameOfDataType(plugin, window), window.staged) ?? [])
      if (permanentError !== undefined) await recordPermanentError(db, job, permanentError, 'bad-record')
      return refused
    }),
  )
  for (const window of windows) {
    if (!refused.includes(window)) outcome.covered(window)
    else if (window.isSecondResponse) attempt.unconfirmed.push(window)
    else attempt.suspicious.push(window)
  }
}
