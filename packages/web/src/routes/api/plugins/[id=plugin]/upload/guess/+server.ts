import { answer } from '#lib/server/answer.ts'
import { engine } from '#lib/server/engine.ts'
import { problem } from '#lib/server/problem.ts'
import { requireSignedIn } from '#lib/server/require-signed-in.ts'
import type { RequestEvent } from './$types.js'

/** Takes the beginning of a file, and says how it can be read. `?given=` is a JSON object of the parts that are decided. */
export const POST = answer(async (event: RequestEvent) => {
  const { user } = await requireSignedIn(event)
  const given = readGiven(event.url.searchParams.get('given'))
  const beginning = new Uint8Array(await event.request.arrayBuffer())
  return engine().uploads.guess(user.id, event.params.id, beginning, given)
})

function readGiven(text: string | null): object {
  if (text === null) return {}
  try {
    const given: unknown = JSON.parse(text)
    if (typeof given === 'object' && given !== null) return given
  } catch {
    // Answered below, as any other text that is no object.
  }
  throw problem(400, 'invalid-input', 'Send "given" as a JSON object of parts of the mapping.')
}
