import { sql } from 'kysely'
import { clampWait, type ImportErrorCode } from '@tributary/plugin-sdk'
import type { Transaction } from '../database/database.ts'
import type { JobCounts } from '../domain/job-counts.ts'
import type { JobProblemCode } from '../domain/job-problems.ts'
import { moveJobs } from './move-jobs.ts'
import { publish } from '../events/publish.ts'
import { requestBackfill } from './request-backfill.ts'
import type { Parts } from '../parts.ts'
import type { ConnectionState, JobStatus } from '../domain/states.ts'
import type { ImportJob } from '../database/schema.ts'
import { together } from '../database/together.ts'
import { fence } from './fence.ts'
import { writeCounts } from './write-counts.ts'
import type { JobEvent } from '../domain/job-machine.ts'

/** How a run ended. */
export interface Ending {
  /** Windows written and windows that failed. */
  covered: number
  failed: number
  /** What ended the run, or the last thing that failed in it. */
  code: ImportErrorCode | undefined
  reason: string | undefined
  /** What `reason` is about. */
  problem: JobProblemCode | undefined
  retryAt: Temporal.Instant | undefined
}

/** Of a run that has done nothing yet. */
export const notBegun: Ending = {
  covered: 0,
  failed: 0,
  code: undefined,
  reason: undefined,
  problem: undefined,
  retryAt: undefined,
}

const backOffSeconds = [10, 60, 300, 1800]
const longestWaitSeconds = 3600
const pluginRetrySeconds = 60
/** Each attempt that ended so is counted, and the wait before the next one follows from the count. */
const countedFailures: readonly (ImportErrorCode | undefined)[] = ['unavailable', 'plugin-failed']

/** The event of each state in which a run leaves its job. */
const eventOf = {
  succeeded: 'succeeded',
  partial: 'partly-succeeded',
  failed: 'failed',
  waiting: 'limited',
  retrying: 'failed-for-now',
} as const satisfies Partial<Record<JobStatus, JobEvent>>
type ClosingStatus = keyof typeof eventOf

interface Verdict {
  status: ClosingStatus
  state: ConnectionState
  runAfter?: Temporal.Instant
}

/** What an ending makes of the job and of its connection. */
export function judge(
  ending: Ending,
  { failures, waits }: Pick<ImportJob, 'failures' | 'waits'>,
  now: Temporal.Instant,
): Verdict {
  const finished: ClosingStatus = ending.covered > 0 ? 'partial' : 'failed'
  switch (ending.code) {
    case undefined:
      return { status: ending.failed === 0 ? 'succeeded' : finished, state: 'connected' }
    case 'bad-record':
      return { status: finished, state: 'connected' }
    case 'rate-limited':
      return {
        status: 'waiting',
        state: 'connected',
        runAfter: now.add({
          seconds: secondsUntil(ending.retryAt, now) ?? Math.min(60 * 2 ** waits, longestWaitSeconds),
        }),
      }
    case 'unavailable': {
      const backOff = backOffSeconds[failures]
      if (backOff === undefined) return { status: finished, state: 'retrying' }
      const seconds = Math.max(backOff, secondsUntil(ending.retryAt, now) ?? 0)
      return { status: 'retrying', state: 'retrying', runAfter: now.add({ seconds }) }
    }
    case 'plugin-failed':
      // An odd response may have tripped the plugin's code: once more, and then not before the next import.
      return failures === 0
        ? { status: 'retrying', state: 'retrying', runAfter: now.add({ seconds: pluginRetrySeconds }) }
        : { status: finished, state: 'connected' }
    case 'not-allowed':
      return { status: finished, state: 'connected' }
    case 'reauthorize':
      return { status: finished, state: 'needs-reauthorization' }
    case 'misconfigured':
      return { status: finished, state: 'misconfigured' }
    case 'retired':
      return { status: finished, state: 'retired' }
  }
}

function secondsUntil(retryAt: Temporal.Instant | undefined, now: Temporal.Instant): number | undefined {
  return retryAt && clampWait(now.until(retryAt).total('seconds'))
}

/**
 * Closes a job, sets its connection's state and requests the next part of the backfill; all in one transaction.
 * `uncommitted`: what was done for windows that were not committed, by stream.
 */
export async function close(
  { database, clock, registry }: Pick<Parts, 'database' | 'clock' | 'registry'>,
  job: ImportJob,
  ending: Ending,
  uncommitted: ReadonlyMap<string, JobCounts> = new Map(),
): Promise<JobStatus> {
  const now = clock.now()
  const plugin = registry.find(job.source_id)
  return database.asUser(job.user_id, async (db) => {
    const { waits } = await fence(db, job)
    const verdict = judge(ending, { ...job, waits }, now)
    const ended = verdict.runAfter === undefined
    if (uncommitted.size > 0) await writeCounts(db, job, uncommitted)
    const closed = moveJobs(db, eventOf[verdict.status], {
      where: sql`id = ${job.id}::uuid`,
      change: {
        reason: ending.reason ?? null,
        problem: verdict.status === 'succeeded' ? null : (ending.problem ?? ending.code ?? null),
        lease_until: null,
        failures: countedFailures.includes(ending.code) ? job.failures + 1 : job.failures,
        ...(verdict.status === 'waiting' && ending.retryAt === undefined ? { waits: waits + 1 } : {}),
        ...(verdict.runAfter ? { run_after: verdict.runAfter.toString() } : {}),
        finished_at: ended ? now.toString() : null,
      },
      due: true,
    })
    await together([closed, settleConnection(db, job, verdict, ending, now)])
    // What one day or stream cannot give keeps no other from coming; where nothing came the source is down.
    const goesOn = (verdict.state === 'connected' && ending.code !== 'plugin-failed') || ending.covered > 0
    if (ended && plugin && goesOn) await requestBackfill(db, plugin, job.connection_id, now)
    return verdict.status
  })
}

async function settleConnection(
  db: Transaction,
  job: ImportJob,
  verdict: Verdict,
  ending: Ending,
  now: Temporal.Instant,
) {
  const healthy = verdict.status === 'succeeded' || verdict.status === 'partial'
  const attention = attentionOf(verdict.state)
  if (attention !== undefined) await publishAttention(db, job, attention, ending.reason ?? null)
  await db
    .updateTable('user_integrations')
    .set({
      state: verdict.state,
      reason: ending.reason ?? null,
      ...(healthy ? { last_sync_at: now.toString() } : {}),
      updated_at: now.toString(),
    })
    .where('id', '=', job.connection_id)
    // Who disconnected or paused meanwhile stays so.
    .where('state', 'not in', ['disconnected', 'paused'])
    .execute()
}

/** The state, where nothing but somebody's action makes such a connection work again. */
const attentionOf = (state: ConnectionState) =>
  state === 'needs-reauthorization' || state === 'misconfigured' ? state : undefined

/** Publishes that a connection comes into a state; nothing where it is in it already, or was ended or paused meanwhile. */
async function publishAttention(
  db: Transaction,
  { user_id: userId, connection_id: connectionId, source_id: pluginId }: ImportJob,
  state: NonNullable<ReturnType<typeof attentionOf>>,
  reason: string | null,
): Promise<void> {
  const { state: before } = await db
    .selectFrom('user_integrations')
    .select('state')
    .where('id', '=', connectionId)
    .forUpdate()
    .executeTakeFirstOrThrow()
  if ([state, 'disconnected', 'paused'].includes(before)) return
  const payload = { connectionId, pluginId, state, reason }
  await publish(db, [{ userId, kind: 'connection-needs-attention', payload }])
}
