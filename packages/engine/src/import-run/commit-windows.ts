import { localDay } from '../domain/clock.ts'
import type { Transaction } from '../database/database.ts'
import { addCounts, noCounts, type JobCounts } from '../domain/job-counts.ts'
import type { StreamDataType } from '../sources/data-types.ts'
import { type CoveredWindow, lastSettledDay, openDays, recordCoverage } from '../planning/record-coverage.ts'
import { filledDays } from '../values/filled-days.ts'
import { tooManyRejected } from '../values/too-many-rejected.ts'
import { storeRejections, type Rejected } from '../archive/store-rejections.ts'
import { merge, type MergeCounts, type Merged } from '../values/merge.ts'
import { rollUp } from '../values/roll-up.ts'
import { countRejected } from '../values/stage-records.ts'
import type { ImportJob } from '../database/schema.ts'
import type { SourceAccount } from '../domain/source-account.ts'
import type { StagedWindow } from '../values/staged-window.ts'
import { fence } from '../jobs/fence.ts'
import { writeCounts } from '../jobs/write-counts.ts'
import { lockValues } from '../database/locks.ts'
import { together } from '../database/together.ts'

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
  const { job, account, zone } = target
  await together([lockValues(db, job.user_id, job.source_id), fence(db, job)])
  const merged = await merge(db, account, zone, windows)
  const covered = merged.filter(({ suspicious }) => !suspicious).map(({ window }) => window)
  const slices = merged
    .filter(isChange)
    .map(({ window, days }) => ({ fields: Object.keys(window.fields), ...days }))
  await together([
    rollUp(db, { ...account, cause: 'import', jobId: job.id, zone, slices }),
    markCovered(db, target, covered),
    writeCounts(db, job, countByStream(merged)),
  ])
  return merged.filter(({ suspicious }) => suspicious).map(({ window }) => window)
}

function isChange(counts: MergeCounts): boolean {
  return counts.new + counts.changed + counts.removed > 0
}

function countByStream(merged: Merged<ReadyWindow>[]): Map<string, JobCounts> {
  const counts = new Map<string, JobCounts>()
  for (const { window, suspicious, new: added, changed, unchanged, removed } of merged) {
    const { stream, staged } = window
    const { read, values, setAside } = staged
    const rejected = countRejected(staged)
    const found = { read, values, setAside, rejected, new: added, changed, unchanged, removed }
    // The records of a suspicious response are counted once, with the second response.
    const counted = { ...noCounts, ...window.counts, ...(suspicious ? {} : found) }
    counts.set(stream, addCounts(counts.get(stream) ?? noCounts, counted))
  }
  return counts
}

/** Records the days that windows covered, the records that they rejected, and that their fetches are committed. */
async function markCovered(
  db: Transaction,
  { job, account, zone, mappingVersion, now }: CommitTarget,
  covered: ReadyWindow[],
): Promise<void> {
  if (covered.length === 0) return
  const today = localDay(now, zone)
  const windows = covered.map(
    ({ stream, dataType, fields, from, to, settlesAfterDays, staged }): CoveredWindow => ({
      stream,
      dataType,
      from,
      to,
      filled: filledDays({ staged, from, to, fields }, zone),
      settled: lastSettledDay(today, settlesAfterDays),
      unsettled: openDays(staged.unsettled, now, zone),
      tooManyRejected: tooManyRejected(staged),
      rechecksEmptied: true,
    }),
  )
  const fetchIds = covered.map(({ fetchId }) => fetchId)
  await together([
    recordCoverage(db, account, windows),
    storeRejections(db, job.user_id, covered.flatMap(rejectedOf)),
    db
      .updateTable('fetches')
      .set({ covered_at: now.toString(), mapping_version: mappingVersion })
      .where('id', 'in', fetchIds)
      .execute(),
  ])
}

function rejectedOf({ fetchId, staged }: ReadyWindow): Rejected[] {
  return staged.rejections.map((rejection) => ({ ...rejection, fetchId, page: rejection.page ?? null }))
}
