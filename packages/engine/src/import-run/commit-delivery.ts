import type { Field } from '@tributary/plugin-sdk'
import { storeRejections } from '../archive/store-rejections.ts'
import type { Transaction } from '../database/database.ts'
import { lockValues } from '../database/locks.ts'
import { pushStream } from '../domain/push-stream.ts'
import { localDay } from '../domain/clock.ts'
import { type DayRange, joinRanges } from '../domain/day-ranges.ts'
import { noCounts } from '../domain/job-counts.ts'
import { fence } from '../jobs/fence.ts'
import { writeCounts } from '../jobs/write-counts.ts'
import { merge } from '../values/merge.ts'
import { rollUpDays } from '../values/roll-up.ts'
import { countRejected, type Staged } from '../values/stage-records.ts'
import type { StagedWindow } from '../values/staged-window.ts'
import type { CommitTarget } from './commit-windows.ts'

/** A delivery whose records are ready to be written. */
export interface StagedDelivery {
  fetchId: string
  fields: Record<string, Field>
  staged: Staged
}

/**
 * Writes the records of a delivery in the transaction that it is given: values, daily values, rejections, counts. What is
 * stored and not in the delivery stays.
 */
export async function commitDelivery(
  db: Transaction,
  { job, account, zone, now }: Omit<CommitTarget, 'mappingVersion'>,
  { fetchId, fields, staged }: StagedDelivery,
): Promise<void> {
  await lockValues(db, job.user_id, job.source_id)
  await fence(db, job)
  const days = touchedDays(staged, fields, zone)
  const window = windowOf({ fields, staged }, days)
  const [merged] = window ? await merge(db, account, zone, [window]) : []
  if (merged) {
    const all = joinRanges([...days, ...movedDays(merged.days, days)])
    const by = { cause: 'import', jobId: job.id } as const
    await rollUpDays(db, { ...account, ...by, zone, fields: Object.keys(fields), days: all })
  }
  const rejected = staged.rejections.map((rejection) => ({ ...rejection, fetchId, page: 0 }))
  await storeRejections(db, job.user_id, rejected)
  await db.updateTable('fetches').set({ covered_at: now.toString() }).where('id', '=', fetchId).execute()
  const { read, values, setAside } = staged
  const { new: added = 0, changed = 0, unchanged = 0 } = merged ?? {}
  const counts = { read, values, setAside, rejected: countRejected(staged), new: added, changed, unchanged }
  await writeCounts(db, job, new Map([[pushStream, { ...noCounts, pages: 1, ...counts }]]))
}

/** The delivery as a window in which nothing is removed; `undefined` where it has no value. */
function windowOf(
  { fields, staged }: Pick<StagedDelivery, 'fields' | 'staged'>,
  days: DayRange[],
): StagedWindow | undefined {
  const [newest] = days
  const oldest = days.at(-1)
  if (!newest || !oldest) return undefined
  const keepsAll: Staged = { ...staged, unreadableDays: 'all' }
  return { fields, from: oldest.from, to: newest.to, staged: keepsAll, confirmed: true }
}

/** The local days of the delivery's values, the newest first. */
function touchedDays(
  { days, measurements, series }: Staged,
  fields: Record<string, Field>,
  zone: string,
): DayRange[] {
  const touched = new Set(days.map(({ day }) => day))
  const byEnd = series.map(({ field }) => fields[field]?.belongsTo === 'end')
  measurements.each((position, start, end) => {
    const instant = Math.floor(byEnd[position] ? end : start)
    touched.add(localDay(Temporal.Instant.fromEpochMilliseconds(instant), zone))
  })
  return joinRanges([...touched].map((day) => ({ from: day, to: day })))
}

/** The days outside of the delivery's from which a stored measurement moved into it. */
function movedDays(widened: DayRange, days: DayRange[]): DayRange[] {
  const [newest] = days
  const oldest = days.at(-1)
  if (!newest || !oldest) return []
  const before = widened.from < oldest.from ? [{ from: widened.from, to: oldest.from }] : []
  const after = widened.to > newest.to ? [{ from: newest.to, to: widened.to }] : []
  return [...before, ...after]
}
