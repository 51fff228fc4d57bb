import { answer } from '#lib/server/answer.ts'
import { engine } from '#lib/server/engine.ts'
import { requireSignedIn } from '#lib/server/require-signed-in.ts'
import type { RequestEvent } from './$types.js'

/** Takes the beginning of a file and says how it would be read. */
export const POST = answer(async (event: RequestEvent) => {
  await requireSignedIn(event)
  const beginning = new Uint8Array(await event.request.arrayBuffer())
  return { mapping: await engine().uploads.guess(event.params.id, beginning) }
})
