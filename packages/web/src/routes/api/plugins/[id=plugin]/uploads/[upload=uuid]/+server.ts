import { answer } from '#lib/server/answer.ts'
import { engine } from '#lib/server/engine.ts'
import { requireSignedIn } from '#lib/server/require-signed-in.ts'
import type { RequestEvent } from './$types.js'

/** Takes an upload back: its values go, and what lay under them shows again. */
export const DELETE = answer(async (event: RequestEvent) => {
  const { user } = await requireSignedIn(event)
  await engine().uploads.undo(user.id, event.params.upload)
  return { success: true }
})
