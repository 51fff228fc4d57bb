import { z } from 'zod'
import { endpoint, importing, json, reading, writing } from '../endpoint.ts'
import { pluginId, uuid } from '../schemas/ids.ts'
import { job } from '../schemas/job.ts'
import { success } from '../schemas/success.ts'
import { fileGuess, uploadInfo } from '../schemas/upload.ts'

const id = z.object({ id: pluginId })

export const uploadEndpoints = {
  listUploads: endpoint({
    method: 'GET',
    path: '/api/plugins/{id}/uploads',
    ...reading,
    summary: 'The uploaded files of a source, newest first',
    params: id,
    answer: json(z.object({ uploads: z.array(uploadInfo) })),
    problems: ['unknown-plugin', 'no-files'],
  }),
  upload: endpoint({
    method: 'POST',
    path: '/api/plugins/{id}/upload',
    ...importing,
    summary: 'Upload a file and request its import',
    description: 'A form with the `file` and, where its reading is not guessed, the `mapping` as JSON.',
    params: id,
    upload: 'multipart/form-data',
    answer: json(z.object({ job }), 202),
    problems: [
      'unknown-plugin',
      'no-files',
      'bad-mapping',
      'mapping-unclear',
      'other-meaning',
      'unreadable-file',
      'too-many-files',
      'upload-given-up',
      'plugin-failed',
    ],
  }),
  guessFile: endpoint({
    method: 'POST',
    path: '/api/plugins/{id}/upload/guess',
    ...importing,
    summary: 'How a file can be read, by its first 256 KiB',
    params: id,
    query: z.strictObject({
      given: z.string().describe('A JSON object: the parts of the mapping that are decided.').optional(),
    }),
    upload: 'application/octet-stream',
    answer: json(fileGuess),
    problems: ['unknown-plugin', 'no-files', 'unreadable-file', 'bad-mapping', 'plugin-failed'],
  }),
  undoUpload: endpoint({
    method: 'DELETE',
    path: '/api/plugins/{id}/uploads/{upload}',
    ...writing,
    summary: 'Undo an upload: its values are removed, and what lay under them shows again',
    params: z.object({ id: pluginId, upload: uuid }),
    answer: json(success),
    problems: ['unknown-upload'],
  }),
}
