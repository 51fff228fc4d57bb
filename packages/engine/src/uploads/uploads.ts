import { patient } from '../database/database.ts'
import type { Uploads } from '../contract/engine.ts'
import type { Parts } from '../parts.ts'
import { guessFile } from './guess-file.ts'
import { formatOf, receiveUpload } from './receive-upload.ts'
import { undoUpload } from './undo-upload.ts'

/** Files that users bring. */
export function createUploads(parts: Parts): Uploads {
  return {
    async guess(userId, id, beginning, given) {
      const { files } = formatOf(parts, id)
      return guessFile(parts, { userId, sourceId: id }, files, beginning, given)
    },
    receive: (userId, id, upload) => receiveUpload(parts, userId, id, upload),
    undo: (userId, uploadId) => undoUpload({ ...parts, database: patient(parts.database) }, userId, uploadId),
    async list(userId, id) {
      formatOf(parts, id)
      const rows = await parts.database.asUser(userId, (db) =>
        db
          .selectFrom('uploads')
          .leftJoin('import_jobs', 'import_jobs.upload_id', 'uploads.id')
          .selectAll('uploads')
          .select('import_jobs.id as job_id')
          .where('uploads.source_id', '=', id)
          .orderBy('layer', 'desc')
          .execute(),
      )
      return rows.map((row) => ({
        id: row.id,
        fileName: row.file_name,
        bytes: Number(row.bytes),
        from: row.from_day,
        to: row.to_day,
        createdAt: row.created_at.toString(),
        undone: row.undone_at !== null,
        replacedBy: row.replaced_by,
        jobId: row.job_id,
      }))
    },
  }
}
