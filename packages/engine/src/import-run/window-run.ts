import type { BaseIntegrationHandler, WindowImport } from '@tributary/plugin-sdk'
import { connectClient } from '../connections/connect-client.ts'
import type { ImportJob } from '../database/schema.ts'
import { close } from '../jobs/close-job.ts'
import { AttemptLost } from '../jobs/fence.ts'
import type { Parts } from '../parts.ts'
import { failWindows } from '../planning/record-coverage.ts'
import { timeStep } from '../runtime/time-step.ts'
import { callPlugin } from '../sources/call-plugin.ts'
import { asCore } from '../sources/core-error.ts'
import type { EngineRun } from './engine-run.ts'
import { importWindow } from './import-window.ts'
import { Outcome } from './outcome.ts'
import { prepareRun } from './prepare-run.ts'
import { createSkippedTypes } from './skipped-types.ts'
import type { WindowAttempt } from './window-attempt.ts'
import { createWindowQueue } from './window-queue.ts'
import { recordRequests } from './window-recorder.ts'
import { writeWindows } from './write-windows.ts'

/** The run of a job that fetches days: its connection, zone and windows. Throws `AttemptLost` where its job was cancelled. */
export async function createWindowRun(
  parts: Parts,
  job: ImportJob,
  handler: BaseIntegrationHandler,
  isStopped: () => boolean,
): Promise<EngineRun> {
  const attempt = await beginAttempt(parts, job, handler)
  const { connection, zone, outcome, uncommitted } = attempt
  const { plugin } = handler
  return {
    kind: 'windows',
    zone,
    ending: outcome.ending,
    uncommitted,
    windows: () => windowsOf(attempt, isStopped),
    connect: () => asCore(() => connectClient(parts, connection, plugin, recordRequests)),
    async credentials() {
      if (!plugin.readsOwnSecrets)
        throw new Error(`${plugin.id} does not declare that it reads its own secrets`)
      return asCore(() => parts.accessTokens.tokens(connection, plugin))
    },
    authenticate: (work) => callPlugin(plugin.name, 'signing in', work),
    settle: () => settleWindows(attempt),
  }
}

async function beginAttempt(
  parts: Parts,
  job: ImportJob,
  handler: BaseIntegrationHandler,
): Promise<WindowAttempt> {
  const { plugin } = handler
  const prepared = await timeStep('prepare', () => prepareRun(parts, job, plugin))
  if (!prepared) throw new AttemptLost()
  const { connection, zone, windows, granted, ungranted, done } = prepared
  const attempt: WindowAttempt = {
    parts,
    job,
    handler,
    connection,
    account: { userId: job.user_id, sourceId: plugin.id, accountId: connection.account_id },
    zone,
    planned: windows,
    outcome: new Outcome(plugin, { done, job, granted, ungranted }),
    skipped: createSkippedTypes(job.failures),
    queue: createWindowQueue((ready) => writeWindows(attempt, ready)),
    suspicious: [],
    unconfirmed: [],
    uncommitted: new Map(),
  }
  return attempt
}

/** The planned windows, then once more those whose response lacks stored values. */
async function* windowsOf(attempt: WindowAttempt, isStopped: () => boolean): AsyncIterable<WindowImport> {
  const { planned, skipped, queue } = attempt
  for (const window of planned) {
    if (isStopped()) throw new AttemptLost()
    // What could not be fetched now cannot be fetched a moment later; the next attempt requests it again.
    if (!skipped.has(window)) yield importWindow(attempt, window)
  }
  await queue.flush()
  for (const { stream, dataType, from, to } of attempt.suspicious) {
    if (isStopped()) throw new AttemptLost()
    if (!skipped.has({ stream, dataType })) yield importWindow(attempt, { stream, dataType, from, to })
  }
}

async function settleWindows(attempt: WindowAttempt): Promise<void> {
  const { parts, job, account, queue, outcome, unconfirmed, uncommitted } = attempt
  await queue.flush()
  for (const window of unconfirmed) outcome.unconfirmed(window)
  // They were requested: as days never requested, the backfill would request them without an end.
  if (unconfirmed.length > 0)
    await parts.database.asUser(job.user_id, (db) => failWindows(db, account, unconfirmed))
  await timeStep('close', () => close(parts, job, outcome.ending, uncommitted))
}
