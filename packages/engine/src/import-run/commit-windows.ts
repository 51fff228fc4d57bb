import { localDay } from '../domain/clock.ts'
import type { Transaction } from '../database/database.ts'
import { addCounts, noCounts, type JobCounts } from '../domain/job-counts.ts'
import type { StreamDataType } from '../sources/data-types.ts'
import { recordCoverage, lastSettledDay, openDays } from '../planning/record-coverage.ts'
import { filledDays } from '../values/filled-days.ts'
import { tooManyRejected } from '../values/too-many-rejected.ts'
import { storeRejections, type Rejected } from '../archive/store-rejections.ts'
import { merge, type MergeCounts } from '../values/merge.ts'
import { rollUp } from '../values/roll-up.ts'
import { countRejected } from '../values/stage-records.ts'
import type { ImportJob } from '../database/schema.ts'
import type { SourceAccount } from '../domain/source-account.ts'
import type { StagedWindow } from '../values/staged-window.ts'
import { fence } from '../jobs/fence.ts'
import { writeCounts } from '../jobs/write-counts.ts'
import { lockValues } from '../database/locks.ts'

/** A window whose records are ready to be written. */
export interface ReadyWindow extends StagedWindow, StreamDataType {
  settlesAfterDays: number | undefined
  fetchId: string
  /** What its requests sent and received. */
  counts: Pick<JobCounts, 'pages' | 'requests' | 'bytes'>
  /** It was requested a second time, because its first response lacked stored values. */
  isSecondResponse: boolean
}

/** Where windows are written to. */
export interface CommitTarget {
  job: ImportJob
  account: SourceAccount
  zone: string
  mappingVersion: number
  now: Temporal.Instant
}

/**
 * Writes windows in the transaction that it is given: values, daily values, coverage, counts. Returns the
 * suspicious ones, which lack stored values and were left as they are.
 */
export async function commitWindows(
  db: Transaction,
  target: CommitTarget,
  windows: ReadyWindow[],
): Promise<ReadyWindow[]> {
  const { job, account, zone, now } = target
  await lockValues(db, job.user_id, job.source_id)
  await fence(db, job)
  const merged = await merge(db, account, zone, windows)
  const covered = merged.filter(({ suspicious }) => !suspicious).map(({ window }) => window)
  const slices = merged
    .filter(isChange)
    .map(({ window, days }) => ({ fields: Object.keys(window.fields), ...days }))
  await rollUp(db, { ...account, cause: 'import', jobId: job.id, zone, slices })
  if (covered.length > 0) {
    const today = localDay(now, zone)
    await recordCoverage(
      db,
      account,
      covered.map(({ stream, dataType, fields, from, to, settlesAfterDays, staged }) => ({
        stream,
        dataType,
        from,
        to,
        filled: filledDays({ staged, from, to, fields }, zone),
        settled: lastSettledDay(today, settlesAfterDays),
        unsettled: openDays(staged.unsettled, now, zone),
        tooManyRejected: tooManyRejected(staged),
        rechecksEmptied: true,
      })),
    )
    await storeRejections(db, job.user_id, covered.flatMap(rejectedOf))
    await markCovered(db, target, covered)
  }
  const counts = new Map<string, JobCounts>()
  for (const { window, suspicious, new: added, changed, unchanged, removed } of merged) {
    const { stream, staged } = window
    const { read, values, setAside } = staged
    const found = {
      read,
      values,
      setAside,
      rejected: countRejected(staged),
      new: added,
      changed,
      unchanged,
      removed,
    }
    // The records of a suspicious response are counted once, with the second response.
    const counted = { ...noCounts, ...window.counts, ...(suspicious ? {} : found) }
    counts.set(stream, addCounts(counts.get(stream) ?? noCounts, counted))
  }
  await writeCounts(db, job, counts)
  return merged.filter(({ suspicious }) => suspicious).map(({ window }) => window)
}

function isChange(counts: MergeCounts): boolean {
  return counts.new + counts.changed + counts.removed > 0
}

async function markCovered(
  db: Transaction,
  { now, mappingVersion }: CommitTarget,
  windows: ReadyWindow[],
): Promise<void> {
  await db
    .updateTable('fetches')
    .set({ covered_at: now.toString(), mapping_version: mappingVersion })
    .where(
      'id',
      'in',
      windows.map(({ fetchId }) => fetchId),
    )
    .execute()
}

function rejectedOf({ fetchId, staged }: ReadyWindow): Rejected[] {
  return staged.rejections.map((rejection) => ({ ...rejection, fetchId, page: rejection.page ?? null }))
}
