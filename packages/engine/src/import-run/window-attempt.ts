import type { BaseIntegrationHandler, Stream, Window } from '@tributary/plugin-sdk'
import type { LiveConnection } from '../connections/connection.ts'
import type { ImportJob } from '../database/schema.ts'
import { addCounts, type JobCounts, noCounts } from '../domain/job-counts.ts'
import type { SourceAccount } from '../domain/source-account.ts'
import type { Parts } from '../parts.ts'
import type { ReadyWindow } from './commit-windows.ts'
import type { Outcome } from './outcome.ts'
import type { SkippedTypes } from './skipped-types.ts'
import type { WindowQueue } from './window-queue.ts'
import type { WindowRecorder } from './window-recorder.ts'

/** One attempt at a job that fetches windows: what its steps share. */
export interface WindowAttempt {
  parts: Parts
  job: ImportJob
  handler: BaseIntegrationHandler
  connection: LiveConnection
  account: SourceAccount
  zone: string
  /** The windows to fetch, newest first. */
  planned: Window[]
  outcome: Outcome
  skipped: SkippedTypes
  queue: WindowQueue
  /** Windows whose response lacks stored values, and that are requested a second time. */
  suspicious: ReadyWindow[]
  /** Those whose second response did not agree. */
  unconfirmed: ReadyWindow[]
  /** What was done for windows that were not committed, by stream. */
  uncommitted: Map<string, JobCounts>
}

/** The declaration of a window's stream. */
export function streamOf({ handler: { plugin } }: WindowAttempt, { stream }: Window): Stream {
  const declared = plugin.streams[stream]
  if (!declared) throw new Error(`${plugin.id} has no stream "${stream}"`)
  return declared
}

/** Counts the requests of a window that is not committed. */
export function countRequests(
  { uncommitted }: WindowAttempt,
  { stream }: Window,
  { requests, bytes }: WindowRecorder,
): void {
  uncommitted.set(stream, addCounts(uncommitted.get(stream) ?? noCounts, { ...noCounts, requests, bytes }))
}
