import { answer } from '#lib/server/answer.ts'
import { engine } from '#lib/server/engine.ts'
import { requireSignedIn } from '#lib/server/require-signed-in.ts'
import type { RequestEvent } from './$types.js'

export const DELETE = answer(async (event: RequestEvent) => {
  const signedIn = await requireSignedIn(event)
  await engine().accounts.sessions.revoke(signedIn, event.params.id.toLowerCase())
  return { success: true }
})
