import type { Groups } from '@tributary/api'
import { engine } from '../engine.ts'
import { problem } from '../problem.ts'
import { readUpload } from '../read-upload.ts'
import type { Handlers } from './handler.ts'

export const uploadHandlers: Handlers<Groups['Uploads']> = {
  async listUploads({ user, params }) {
    return { uploads: await engine().uploads.list(user.id, params.id) }
  },
  async upload({ event, user, params }) {
    const job = await readUpload(event.request, (upload) =>
      engine().uploads.receive(user.id, params.id, upload),
    )
    return { job }
  },
  async guessFile({ event, user, params, query }) {
    const given = readGiven(query.given)
    const beginning = new Uint8Array(await event.request.arrayBuffer())
    return engine().uploads.guess(user.id, params.id, beginning, given)
  },
  async undoUpload({ user, params }) {
    await engine().uploads.undo(user.id, params.upload)
    return { success: true }
  },
}

function readGiven(text: string | undefined): object {
  if (text === undefined) return {}
  try {
    const given: unknown = JSON.parse(text)
    if (typeof given === 'object' && given !== null) return given
  } catch {
    // Refused below, as any other text that is no object.
  }
  throw problem(400, 'invalid-input', 'Send "given" as a JSON object of parts of the mapping.')
}
