import type { FileFormat, PluginDeclaration } from '@tributary/plugin-sdk'
import { sql } from 'kysely'
import { localDay } from '../domain/clock.ts'
import type { Transaction } from '../database/database.ts'
import type { Job, NewUpload } from '../contract/engine.ts'
import { storePages, packPage } from '../archive/store-pages.ts'
import { findOtherMeaning } from '../values/other-meaning.ts'
import { insertJob } from '../jobs/insert-jobs.ts'
import { getJob } from '../jobs/read-jobs.ts'
import type { Parts } from '../parts.ts'
import { Problem } from '../domain/problem.ts'
import { callFormat } from './call-format.ts'
import { checkRoom } from './check-room.ts'
import { guessFile, requireClear } from './guess-file.ts'
import { removeUpload } from './remove-upload.ts'
import { beatSeconds } from './sweep-uploads.ts'
import { uploadsAccount } from '../domain/source-account.ts'

const pageBytes = 1 << 20
const mostBytes = 2 * 1024 ** 3
const beginningBytes = 256 * 1024

/** Keeps an uploaded file as it comes, finds how to read it, and asks for its import. Nothing stays of one that fails. */
export async function receiveUpload(
  parts: Parts,
  userId: string,
  id: string,
  upload: NewUpload,
): Promise<Job> {
  const { database } = parts
  const { plugin, files } = formatOf(parts, id)
  const { uploadId, fetchId } = await database.asUser(userId, (db) =>
    beginUpload(parts, db, userId, plugin, upload.fileName),
  )
  try {
    const { bytes, beginning } = await archive(parts, userId, { uploadId, fetchId }, upload.content)
    const given = upload.mapping()
    const mapping =
      given === undefined
        ? requireClear(await guessFile(parts, { userId, sourceId: id }, files, beginning))
        : await readMapping(parts, id, files, given)
    const fileKind = (await callFormat(parts, id, () => files.fileKind?.(beginning))) ?? null
    const fields = await callFormat(parts, id, () => files.fields(mapping))
    const jobId = await database.asUser(userId, async (db) => {
      const fault = await findOtherMeaning(db, { userId, sourceId: id }, fields)
      if (fault !== undefined) throw new Problem(422, 'other-meaning', fault)
      return requestUpload(parts, db, userId, plugin, uploadId, { bytes, mapping, fileKind })
    })
    return await getJob(database, userId, jobId)
  } catch (error) {
    await database.asUser(userId, (db) => removeUpload(db, userId, uploadId), { long: true })
    throw error
  }
}

export function formatOf({ registry }: Parts, id: string): { plugin: PluginDeclaration; files: FileFormat } {
  const plugin = registry.find(id)
  if (!plugin) throw new Problem(404, 'unknown-plugin', 'There is no such source.')
  if (!plugin.files) throw new Problem(409, 'no-files', `${plugin.name} takes no files.`)
  return { plugin, files: plugin.files }
}

/** The mapping that comes with a file. Throws `Problem` 422 where it is none. */
async function readMapping(parts: Parts, id: string, files: FileFormat, given: string): Promise<unknown> {
  const mapping = parseJson(given)
  const result = await callFormat(parts, id, () => files.mapping['~standard'].validate(mapping))
  if (!result.issues) return result.value
  const [issue] = result.issues
  throw new Problem(
    422,
    'bad-mapping',
    `The mapping is wrong at "${issue?.path?.join('.') ?? ''}": ${issue?.message}.`,
  )
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Problem(422, 'bad-mapping', 'The mapping is no JSON.')
  }
}

/** The first upload makes a connection of its own, beside that of an account. */
async function beginUpload(
  { clock }: Parts,
  db: Transaction,
  userId: string,
  plugin: PluginDeclaration,
  fileName: string,
) {
  const now = clock.now().toString()
  await db
    .insertInto('user_integrations')
    .values({
      user_id: userId,
      source_id: plugin.id,
      account_id: uploadsAccount,
      state: 'connected',
      history_from: localDay(clock.now(), 'UTC'),
      connected_at: now,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['user_id', 'source_id', 'account_id'])
        .doUpdateSet({ state: 'connected', connected_at: now }),
    )
    .execute()
  const { id: uploadId } = await db
    .insertInto('uploads')
    .values({
      user_id: userId,
      source_id: plugin.id,
      file_name: fileName.slice(0, 255),
      last_chunk_at: now,
      layer: sql`(select coalesce(max(layer), 0) + 1 from uploads where user_id = ${userId} and source_id = ${plugin.id})`,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  const { id: fetchId } = await db
    .insertInto('fetches')
    .values({
      user_id: userId,
      source_id: plugin.id,
      account_id: uploadsAccount,
      stream: 'file',
      from_day: localDay(clock.now(), 'UTC'),
      to_day: localDay(clock.now(), 'UTC'),
      upload_id: uploadId,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return { uploadId, fetchId }
}

async function archive(
  { database, clock }: Parts,
  userId: string,
  { uploadId, fetchId }: { uploadId: string; fetchId: string },
  content: AsyncIterable<Uint8Array>,
) {
  let bytes = 0
  let page = 0
  let beginning = Buffer.alloc(0)
  let waiting: Uint8Array[] = []
  let waitingBytes = 0
  let beat = clock.now()

  /** Notes that this upload goes on. Throws `Problem` 409 where it was taken to be abandoned meanwhile. */
  async function note(db: Transaction): Promise<void> {
    beat = clock.now()
    const { numUpdatedRows } = await db
      .updateTable('uploads')
      .set({ bytes, last_chunk_at: beat.toString() })
      .where('id', '=', uploadId)
      .executeTakeFirstOrThrow()
    if (numUpdatedRows === 0n)
      throw new Problem(409, 'upload-given-up', 'The upload was interrupted for too long. Upload it again.')
  }

  async function keep(): Promise<void> {
    const raw = Buffer.concat(waiting)
    waiting = []
    waitingBytes = 0
    if (beginning.length < beginningBytes)
      beginning = Buffer.concat([beginning, raw]).subarray(0, beginningBytes)
    const packed = await packPage(page++, raw)
    await database.asUser(userId, async (db) => {
      // What has come counts at once, beside that of files which come at the same time.
      await note(db)
      await storePages(db, userId, fetchId, [packed])
      await checkRoom(db, userId)
    })
  }

  for await (const chunk of content) {
    bytes += chunk.length
    if (bytes > mostBytes) throw new Problem(413, 'too-large', 'The file is over 2 GiB; split it.')
    waiting.push(chunk)
    waitingBytes += chunk.length
    if (waitingBytes >= pageBytes) await keep()
    else if (clock.now().since(beat).total('seconds') >= beatSeconds) await database.asUser(userId, note)
  }
  if (waitingBytes > 0) await keep()
  if (bytes === 0) throw new Problem(422, 'unreadable-file', 'The file is empty.')
  return { bytes, beginning }
}

async function requestUpload(
  { clock }: Parts,
  db: Transaction,
  userId: string,
  plugin: PluginDeclaration,
  uploadId: string,
  { bytes, mapping, fileKind }: { bytes: number; mapping: unknown; fileKind: string | null },
): Promise<string> {
  const now = clock.now()
  await db
    .updateTable('uploads')
    .set({ bytes, mapping: JSON.stringify(mapping), file_kind: fileKind, last_chunk_at: null })
    .where('id', '=', uploadId)
    .execute()
  await db
    .updateTable('fetches')
    .set({ completed_at: now.toString() })
    .where('upload_id', '=', uploadId)
    .execute()
  const { id } = await db
    .selectFrom('user_integrations')
    .select('id')
    .where('user_id', '=', userId)
    .where('source_id', '=', plugin.id)
    .where('account_id', '=', uploadsAccount)
    .executeTakeFirstOrThrow()
  const today = localDay(now, 'UTC')
  return insertJob(
    db,
    sql`values (${userId}::uuid, ${id}::uuid, ${plugin.id}, 'upload', 'days', null::text[], ${today}::date, ${today}::date,
      ${now.toString()}::timestamptz, ${uploadId}::uuid)`,
    now,
  )
}
