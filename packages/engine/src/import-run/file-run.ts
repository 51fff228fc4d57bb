import type { BaseIntegrationHandler, Field, FileRow, RejectedRow } from '@tributary/plugin-sdk'
import { sql } from 'kysely'
import { localDay } from '../domain/clock.ts'
import type { Transaction } from '../database/database.ts'
import { noCounts, type JobCounts } from '../domain/job-counts.ts'
import type { Parts } from '../parts.ts'
import { callPluginNow, readPlugin } from '../sources/call-plugin.ts'
import { asCore } from '../sources/core-error.ts'
import { close, type Ending, notBegun } from '../jobs/close-job.ts'
import { storeRejections } from '../archive/store-rejections.ts'
import { findOtherMeaning } from '../values/other-meaning.ts'
import { readPage } from '../archive/read-page.ts'
import { rollUpDays } from '../values/roll-up.ts'
import { always, rollUpKinds } from '../values/roll-up-kinds.ts'
import type { EngineRun } from './engine-run.ts'
import { type StagedFile, stageFile } from '../values/stage-file.ts'
import { touchedDays } from '../values/touched-days.ts'
import { forgetSuccession, replaceOlder, type Succession } from '../values/replace-older.ts'
import { endFile, sayNothingRead } from './file-ending.ts'
import { writeFields } from '../values/write-fields.ts'
import { deleteLayer, writeLayer } from '../values/write-layer.ts'
import type { ImportJob } from '../database/schema.ts'
import type { DayRange } from '../domain/day-ranges.ts'
import { fence } from '../jobs/fence.ts'
import { lockValues } from '../database/locks.ts'

/** The upload that a run imports. */
interface Upload {
  id: string
  mapping: unknown
  layer: number
  fileKind: string | null
  fetchId: string
  zone: string
}

/** The run of an upload: its file read in one pass, written in one transaction as a layer of its own. */
export async function createFileRun(
  parts: Parts,
  job: ImportJob,
  handler: BaseIntegrationHandler,
  uploadId: string,
): Promise<EngineRun> {
  const { plugin } = handler
  const ending: Ending = { ...notBegun, problem: 'unreadable-file' }
  const upload = await readUpload(parts, job, uploadId)
  const { mapping, zone } = upload
  return {
    kind: 'file',
    zone,
    mapping,
    ending,
    uncommitted: new Map(),

    async load(map) {
      const fields = callPluginNow(
        plugin.name,
        'reading the mapping',
        () => plugin.files?.fields(mapping) ?? {},
      )
      const rows = readPlugin(plugin.name, 'reading the file', () =>
        map(readPages(parts, job.user_id, upload.fetchId)),
      )
      Object.assign(ending, await importFile(parts, job, upload, fields, rows))
    },

    async settle() {
      await close(parts, job, ending)
    },
  }
}

/** Reads a file and writes its layer. Of a file without a value only the rejections are stored. */
async function importFile(
  { database, clock }: Parts,
  job: ImportJob,
  upload: Upload,
  fields: Record<string, Field>,
  rows: AsyncIterable<FileRow | RejectedRow>,
): Promise<Partial<Ending>> {
  const into = { userId: job.user_id, sourceId: job.source_id, layer: upload.layer }
  return database.asUser(job.user_id, async (db) => {
    const file = await stageFile(db, fields, rows)
    const layer = file.values > 0 ? await writeLayer(db, into, fields, file) : undefined
    await lockValues(db, job.user_id, job.source_id)
    // Not before: a large file takes longer to read than the lease, whose renewal must not wait for this transaction.
    await fence(db, job)
    const { fetchId } = upload
    const rejected = file.rejections.map((rejection) => ({ ...rejection, fetchId, page: null }))
    await storeRejections(db, job.user_id, rejected)
    const fault = sayNothingRead(file, Object.values(fields)) ?? (await findOtherMeaning(db, into, fields))
    if (!layer || fault !== undefined) {
      await deleteLayer(db, into)
      await writeJob(db, job, countFile(file))
      return { failed: 1, reason: fault }
    }
    const days = await readRange(db, file, upload.zone)
    await forgetSuccession(db, upload)
    const succession = await replaceOlder(db, { ...upload, ...into, days })
    await rollUpLayer(db, { ...into, zone: upload.zone }, fields, succession, job.id)
    await markImported(db, upload, days, clock.now())
    const counts = countFile(file, layer, succession)
    await writeJob(db, job, counts, days)
    return endFile(file, counts, succession)
  })
}

function countFile(
  { rows, values, rejected }: StagedFile,
  { stored, repeated, setAside } = { stored: 0, repeated: 0, setAside: 0 },
  { changed, unchanged, removed } = { changed: 0, unchanged: 0, removed: 0 },
): JobCounts {
  return {
    ...noCounts,
    pages: 1,
    read: rows,
    values,
    new: stored - changed - unchanged,
    changed,
    unchanged: unchanged + repeated,
    removed,
    setAside,
    rejected: rejected.unreadable + rejected.implausible,
  }
}

async function writeJob(db: Transaction, { id }: ImportJob, file: JobCounts, days?: DayRange): Promise<void> {
  await db
    .updateTable('import_jobs')
    .set({ counts: JSON.stringify({ file }), ...(days ? { from_day: days.from, to_day: days.to } : {}) })
    .where('id', '=', id)
    .execute()
}

async function markImported(
  db: Transaction,
  { id, fetchId }: Upload,
  { from, to }: DayRange,
  now: Temporal.Instant,
): Promise<void> {
  await db.updateTable('uploads').set({ from_day: from, to_day: to }).where('id', '=', id).execute()
  await db.updateTable('fetches').set({ covered_at: now.toString() }).where('id', '=', fetchId).execute()
}

/** Recomputes the days of a layer and of those that it replaces; where its columns mean something else now, those of all files. */
async function rollUpLayer(
  db: Transaction,
  into: { userId: string; sourceId: string; layer: number; zone: string },
  fields: Record<string, Field>,
  { replaced }: Succession,
  jobId: string,
): Promise<void> {
  const { userId, sourceId } = into
  const meaning = await writeFields(db, into, fields)
  const layers = [into, ...replaced].map(({ layer }) => layer)
  const days = await touchedDays(db, { userId, sourceId, ...(meaning.changed ? {} : { layers }) })
  const by = { userId, cause: 'file', jobId } as const
  await rollUpDays(db, { ...into, ...by, fields: Object.keys(fields), days })
  await rollUpKinds(db, by, meaning.kinds, always)
}

/** The first and the last local day of the staged file. */
async function readRange(db: Transaction, file: StagedFile, zone: string): Promise<DayRange> {
  const { rows } = await sql<{ first: Temporal.Instant | null; last: Temporal.Instant | null }>`
    select min(start_at) as first, max(start_at) as last from file_measurements`.execute(db)
  const { first, last } = rows[0] ?? {}
  const measured = [first, last].flatMap((instant) => (instant ? [localDay(instant, zone)] : []))
  const days = [...measured, ...(file.days ? [file.days.from, file.days.to] : [])].sort()
  return { from: days[0] ?? '', to: days.at(-1) ?? '' }
}

async function readUpload({ database }: Parts, job: ImportJob, uploadId: string): Promise<Upload> {
  return database.asUser(job.user_id, (db) =>
    db
      .selectFrom('uploads')
      .innerJoin('fetches', 'fetches.upload_id', 'uploads.id')
      .innerJoin('users', 'users.id', 'uploads.user_id')
      .select(['uploads.id', 'uploads.mapping', 'uploads.layer', 'uploads.file_kind as fileKind'])
      .select(['fetches.id as fetchId', 'users.time_zone as zone'])
      .where('uploads.id', '=', uploadId)
      .executeTakeFirstOrThrow(),
  )
}

/** The file as it came, page by page. */
async function* readPages({ database }: Parts, userId: string, fetchId: string): AsyncIterable<Uint8Array> {
  for (let page = 0; ; page++) {
    const body = await asCore(() => database.asUser(userId, (db) => readPage(db, fetchId, page)))
    if (!body) return
    yield body
  }
}
