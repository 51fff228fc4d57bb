import type { BaseIntegrationHandler, FileRow, MappedRecord, RejectedRow } from '@tributary/plugin-sdk'
import type { Transaction } from '../database/database.ts'
import type { JobCounts } from '../database/schema.ts'
import type { ImportJob } from '../jobs/claim-job.ts'
import type { Parts } from '../parts.ts'
import { readPlugin } from '../sources/call-plugin.ts'
import { appendLayer, type Layer } from './append-layer.ts'
import { close, type Ending } from './close.ts'
import { fence } from './cover-windows.ts'
import { holdValues } from './hold-values.ts'
import { keepRejections, type Rejected } from './keep-rejections.ts'
import { keepable } from './keepable.ts'
import { daysOfFiles } from './days-of-files.ts'
import { readPage } from './read-page.ts'
import { rollUp } from './roll-up.ts'
import { always, rollUpKinds } from './roll-up-kinds.ts'
import { noCounts } from '../jobs/job-counts.ts'
import type { EngineRun } from './run.ts'
import { countRejected, type RejectionCode, stageRecords } from './stage-records.ts'
import { writeFields } from './write-fields.ts'

const batchRows = 5_000
/** Rows that are named in the job's reason; all are counted, and this many more are kept. */
const namedRejections = 3
const keptRejections = 1000

/** The run of an upload: its file read in one pass, written in one transaction as a layer of its own. */
export async function createUploadRun(
  parts: Parts,
  job: ImportJob,
  handler: BaseIntegrationHandler,
  uploadId: string,
): Promise<EngineRun> {
  const { database, clock } = parts
  const { plugin } = handler
  const ending: Ending = { covered: 0, failed: 0, code: undefined, reason: undefined, retryAt: undefined }
  const { mapping, layer, fetchId, zone } = await readUpload(parts, job, uploadId)
  const noWindows = () => Promise.reject(new Error('this run has a file and no windows'))

  return {
    zone,
    ending,
    async *windows() {},
    connect: noWindows,
    credentials: noWindows,
    archive: noWindows,
    stage: noWindows,
    cover: noWindows,
    fail: noWindows,
    files: () => [{ mapping }],

    async load(_file, map) {
      const fields = plugin.files?.fields(mapping) ?? {}
      const into: Layer = { userId: job.user_id, sourceId: plugin.id, layer, zone }
      const rows = readPlugin(plugin.name, 'its reading of the file', () =>
        map(readPages(parts, job.user_id, fetchId)),
      )
      const { counts, implausible, reasons, implausibility } = await database.asUser(
        job.user_id,
        async (db) => {
          const written = await writeAll(db, into, Object.keys(fields), rows, (batch) =>
            stageRecords({ fields }, batch),
          )
          await holdValues(db, job.connection_id)
          // Not before: a large file takes longer to read than the lease, whose renewal must not wait for this transaction.
          await fence(db, job)
          await keepRejections(
            db,
            job.user_id,
            written.rejections.map((rejection) => ({ ...rejection, fetchId, page: null })),
          )
          await db
            .updateTable('uploads')
            .set({ from_day: written.days?.from ?? null, to_day: written.days?.to ?? null })
            .where('id', '=', uploadId)
            .execute()
          const meaning = await writeFields(db, into, fields)
          const days = meaning.changed ? await daysOfFiles(db, into) : written.days
          if (days) {
            await rollUp(db, { ...into, slices: [{ fields: Object.keys(fields), ...days }], jobId: job.id })
            await rollUpKinds(db, job.user_id, meaning.kinds, always, job.id)
          }
          await db
            .updateTable('fetches')
            .set({ covered_at: clock.now().toString() })
            .where('id', '=', fetchId)
            .execute()
          await db
            .updateTable('import_jobs')
            .set({
              counts: JSON.stringify({ file: written.counts }),
              ...(written.days ? { from_day: written.days.from, to_day: written.days.to } : {}),
            })
            .where('id', '=', job.id)
            .execute()
          const reasonsOf = (wanted: RejectionCode) =>
            written.rejections
              .filter(({ code }) => code === wanted)
              .map(({ path, reason }) => keepable(path === undefined ? reason : `${path}: ${reason}`))
          return {
            counts: written.counts,
            implausible: written.implausible,
            reasons: reasonsOf('unreadable').slice(0, namedRejections),
            implausibility: reasonsOf('implausible')[0] ?? '',
          }
        },
      )
      const unreadable = counts.rejected - implausible
      if (counts.values > 0) ending.covered = 1
      else {
        ending.failed = 1
        ending.reason = 'Nothing could be read from the file, so nothing was imported.'
      }
      if (unreadable > 0) {
        ending.failed = 1
        const more = unreadable - reasons.length
        const named = more > 0 ? [...reasons, `and ${more} more`] : reasons
        ending.reason = `${unreadable} of ${counts.read} rows could not be read; the rest is in: ${named.join('; ')}.`
      } else if (implausible > 0) {
        ending.reason = `${implausible} ${implausible === 1 ? 'value is' : 'values are'} implausible and not stored: ${implausibility}`
      }
    },

    async settle() {
      await close(parts, job, ending)
    },
  }
}

/** Uploads have no account at a provider; all of a user's belong together. */
export const uploadsAccount = 'uploads'

async function readUpload({ database }: Parts, job: ImportJob, uploadId: string) {
  return database.asUser(job.user_id, async (db) => {
    const upload = await db
      .selectFrom('uploads')
      .innerJoin('fetches', 'fetches.upload_id', 'uploads.id')
      .innerJoin('users', 'users.id', 'uploads.user_id')
      .select(['uploads.mapping', 'uploads.layer', 'fetches.id as fetchId', 'users.time_zone as zone'])
      .where('uploads.id', '=', uploadId)
      .executeTakeFirstOrThrow()
    return upload
  })
}

/** The file as it came, page by page. */
async function* readPages({ database }: Parts, userId: string, fetchId: string): AsyncIterable<Uint8Array> {
  for (let page = 0; ; page++) {
    const body = await database.asUser(userId, (db) => readPage(db, fetchId, page))
    if (!body) return
    yield body
  }
}

interface Written {
  counts: JobCounts
  rejections: Omit<Rejected, 'fetchId' | 'page'>[]
  implausible: number
  days: { from: string; to: string } | undefined
}

async function writeAll(
  db: Transaction,
  into: Layer,
  fields: string[],
  rows: AsyncIterable<FileRow | RejectedRow>,
  stage: (batch: MappedRecord[]) => ReturnType<typeof stageRecords>,
): Promise<Written> {
  const written: Written = {
    counts: { ...noCounts, pages: 1 },
    rejections: [],
    implausible: 0,
    days: undefined,
  }
  const { counts } = written
  let batch: MappedRecord[] = []

  function note(rejection: Written['rejections'][number]): void {
    if (written.rejections.length < keptRejections) written.rejections.push(rejection)
  }

  async function write(): Promise<void> {
    const staged = await stage(batch)
    written.implausible += staged.rejected.implausible
    counts.rejected += countRejected(staged)
    for (const { code, reason, record } of staged.rejections) note({ code, reason, record })
    const { added, changed, from, to } = await appendLayer(db, into, fields, staged)
    counts.values += staged.values
    counts.setAside += staged.setAside
    counts.new += added
    counts.changed += changed
    counts.unchanged += staged.days.length + staged.measurements.length - added - changed
    if (from && to) {
      written.days = {
        from: written.days && written.days.from < from ? written.days.from : from,
        to: written.days && written.days.to > to ? written.days.to : to,
      }
    }
    batch = []
  }

  for await (const row of rows) {
    counts.read += 1
    if ('reason' in row) {
      counts.rejected += 1
      const { line, reason } = row
      note({ code: 'unreadable', path: `line ${line}`, reason, record: { line } })
    } else batch.push(...row.records)
    if (batch.length >= batchRows) await write()
  }
  if (batch.length > 0) await write()
  return written
}
