import { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import { Busboy, type BusboyHeaders } from '@fastify/busboy'
import type { NewUpload } from '@tributary/engine'
import { problem } from './problem.ts'

const limits = { files: 1, fields: 5, fieldSize: 100_000, parts: 10, headerPairs: 20 }

/**
 * Takes the `file` of a multipart form as it comes, without keeping it, and its `mapping`, which may stand before or after.
 * Throws `Problem` 400 where there is no such form.
 */
export async function readUpload<Result>(
  request: Request,
  receive: (upload: NewUpload) => Promise<Result>,
): Promise<Result> {
  const type = request.headers.get('content-type') ?? ''
  if (!type.startsWith('multipart/form-data') || !request.body)
    throw problem(400, 'invalid-input', 'Send the file as multipart/form-data, in a field named "file".')
  const form = new Busboy({ headers: Object.fromEntries(request.headers) as BusboyHeaders, limits })
  let mapping: string | undefined
  let received: Promise<Result> | undefined
  let file: Readable | undefined
  const ended = new Promise<void>((resolve, reject) => {
    form.on('field', (name, value) => {
      if (name === 'mapping') mapping = value
    })
    form.on('file', (name, stream, fileName) => {
      if (name !== 'file' || received) {
        stream.resume()
        return
      }
      file = stream
      received = receive({
        fileName: fileName || 'file',
        content: withEndOf(stream, ended),
        mapping: () => mapping,
      })
      // What the engine refuses is told at the end; the rest of the form is read and thrown away.
      received.catch(() => stream.resume())
    })
    form.on('finish', resolve)
    form.on('error', () =>
      reject(problem(400, 'invalid-input', 'The form could not be read; send it again.')),
    )
  })
  const body = Readable.fromWeb(request.body as ReadableStream)
  // A file of which the end never comes is not waited for, so that nothing of it stays.
  body.on('error', (broken) => {
    form.destroy(broken)
    file?.destroy(broken)
  })
  body.pipe(form)
  await ended
  if (!received) throw problem(400, 'invalid-input', 'The form has no file in a field named "file".')
  return received
}

/** The content is over when the whole form is: only then is it known whether a mapping follows the file. */
async function* withEndOf(stream: Readable, ended: Promise<void>): AsyncIterable<Uint8Array> {
  yield* stream as AsyncIterable<Uint8Array>
  await ended
}
