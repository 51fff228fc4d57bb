import { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import { Busboy, type BusboyHeaders, type BusboyInstance } from '@fastify/busboy'
import type { NewUpload } from '@tributary/engine'
import { problem } from './problem.ts'

const limits = { files: 1, fields: 5, fieldSize: 100_000, parts: 10, headerPairs: 20 }

/**
 * Reads a multipart form: passes its `file` to `receive` as it arrives, and its `mapping`, which may stand before or after.
 *
 * A refusal by `receive` is answered at once: whatever the client still sends is discarded by the server. Throws `Problem`
 * 400 where there is no such form, or where it breaks off.
 */
export async function readUpload<Result>(
  request: Request,
  receive: (upload: NewUpload) => Promise<Result>,
): Promise<Result> {
  const body = bodyOf(request)
  const form = openForm(request)
  const ended = Promise.withResolvers<undefined>()
  // Whoever awaits it learns of the failure; until then it is not an unhandled one.
  ended.promise.catch(() => {})
  const received = Promise.withResolvers<Result>()
  received.promise.catch(() => {})
  let mapping: string | undefined
  let file: Readable | undefined

  function breakOff(cause: Error): void {
    ended.reject(problem(400, 'invalid-input', 'The form could not be read to its end; send it again.'))
    body.unpipe(form)
    file?.destroy(cause)
  }

  form.on('field', (name, value) => {
    if (name === 'mapping') mapping = value
  })
  form.on('file', (name, stream, fileName) => {
    stream.on('error', breakOff)
    if (name !== 'file' || file) {
      stream.resume()
      return
    }
    file = stream
    const content = readToEnd(stream, ended.promise)
    received.resolve(receive({ fileName: fileName || 'file', content, mapping: () => mapping }))
  })
  form.on('finish', () => ended.resolve(undefined))
  form.on('error', breakOff)
  body.on('error', breakOff)
  body.pipe(form)

  try {
    await Promise.race([ended.promise, received.promise])
    await ended.promise
  } catch (error) {
    body.unpipe(form)
    // What was stored of a broken file is removed before the client hears that it broke.
    if (file?.destroyed) await received.promise.catch(() => {})
    throw error
  }
  if (!file) throw problem(400, 'invalid-input', 'The form has no file in a field named "file".')
  return received.promise
}

function bodyOf(request: Request): Readable {
  const type = request.headers.get('content-type') ?? ''
  if (!type.startsWith('multipart/form-data') || !request.body)
    throw problem(400, 'invalid-input', 'Send the file as multipart/form-data, in a field named "file".')
  const body = Readable.fromWeb(request.body as ReadableStream)
  // A stream without a listener for its error ends the process, also one whose form is refused before it is read.
  body.on('error', () => {})
  return body
}

/** Throws `Problem` 400 where the content type names no boundary, or one that no parser accepts. */
function openForm(request: Request): BusboyInstance {
  try {
    return new Busboy({ headers: Object.fromEntries(request.headers) as BusboyHeaders, limits })
  } catch {
    throw problem(
      400,
      'invalid-input',
      'The content type of the form has no usable boundary; let your HTTP client set that header.',
    )
  }
}

/**
 * The content of a file, which ends when the whole form does: only then is it known whether a mapping follows the file.
 * A reader that stops early leaves the stream intact, so that the form's parser does not wait for it.
 */
async function* readToEnd(stream: Readable, ended: Promise<undefined>): AsyncIterable<Uint8Array> {
  yield* stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>
  await ended
}
