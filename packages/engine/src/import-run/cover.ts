import { sql } from 'kysely'
import { addDays, localDay } from '../clock.ts'
import type { Transaction } from '../database/database.ts'
import { notify } from '../database/notifications.ts'
import type { JobCounts } from '../database/schema.ts'
import type { ImportJob } from '../jobs/claim-job.ts'
import { coverWindow } from './coverage.ts'
import { merge, type Slice } from './merge.ts'
import { rollUp } from './roll-up.ts'
import type { Staged } from './stage-records.ts'

/** Another worker has the job, or it was cancelled: this one writes nothing more. */
export class AttemptLost extends Error {}

const defaultSettlesAfterDays = 2

export interface Covered {
  job: ImportJob
  slice: Slice
  stream: string
  settlesAfterDays: number | undefined
  fetchId: string
  pages: number
  staged: Staged
  now: Temporal.Instant
}

/** Writes one window in the transaction that it is given: fence, values, daily values, coverage, counts. */
export async function cover(db: Transaction, counts: JobCounts, covered: Covered): Promise<JobCounts> {
  const { job, slice, stream, staged, fetchId, now } = covered
  await fence(db, job)
  const merged = await merge(db, slice, staged)
  if (merged.new + merged.changed + merged.removed > 0) await rollUp(db, slice)
  const settled = addDays(localDay(now, slice.zone), -(covered.settlesAfterDays ?? defaultSettlesAfterDays))
  const days = await daysWithData(db, slice, staged)
  await coverWindow(db, { ...slice, stream }, slice, {
    days,
    settled,
    unsettled: staged.unsettled,
  })
  await keepRejections(db, covered)
  await db.updateTable('fetches').set({ covered_at: now.toString() }).where('id', '=', fetchId).execute()
  const next: JobCounts = {
    pages: counts.pages + covered.pages,
    read: counts.read + staged.read,
    new: counts.new + merged.new,
    changed: counts.changed + merged.changed,
    unchanged: counts.unchanged + merged.unchanged,
    removed: counts.removed + merged.removed,
    rejected: counts.rejected + staged.rejections.length,
  }
  await db
    .updateTable('import_jobs')
    .set({ counts: JSON.stringify(next), waits: 0 })
    .where('id', '=', job.id)
    .execute()
  await notify(db, 'import_job_changed', `${job.user_id} ${job.id}`)
  return next
}

/** Holds the job's row to the end of the transaction, if this attempt is still the one that counts. */
export async function fence(db: Transaction, job: ImportJob): Promise<Pick<ImportJob, 'waits'>> {
  const held = await db
    .selectFrom('import_jobs')
    .select('waits')
    .where('id', '=', job.id)
    .where('attempt', '=', job.attempt)
    .where('status', '=', 'running')
    .forUpdate()
    .executeTakeFirst()
  if (!held) throw new AttemptLost()
  return held
}

async function daysWithData(db: Transaction, slice: Slice, staged: Staged): Promise<string[]> {
  const days = new Set(staged.days.map(({ day }) => day))
  if (staged.measurements.length > 0) {
    const { rows } = await sql<{ day: string }>`
      select distinct (case f.belongs_to when 'end' then m.end_at else m.start_at end at time zone ${slice.zone})::date as day
      from staged_measurements m join series s on s.id = m.series_id join source_fields f using (source_id, field)
    `.execute(db)
    for (const { day } of rows) days.add(day)
  }
  return [...days]
}

async function keepRejections(db: Transaction, { job, fetchId, staged }: Covered): Promise<void> {
  if (staged.rejections.length === 0) return
  await db
    .insertInto('import_rejections')
    .values(
      staged.rejections.map(({ reason, record }) => ({
        user_id: job.user_id,
        fetch_id: fetchId,
        job_id: job.id,
        reason,
        record: JSON.stringify(record ?? null),
      })),
    )
    .execute()
}
