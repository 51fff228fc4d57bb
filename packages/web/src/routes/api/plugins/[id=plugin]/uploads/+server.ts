import { answer } from '#lib/server/answer.ts'
import { engine } from '#lib/server/engine.ts'
import { requireSignedIn } from '#lib/server/require-signed-in.ts'
import type { RequestEvent } from './$types.js'

export const GET = answer(async (event: RequestEvent) => {
  const { user } = await requireSignedIn(event)
  return { uploads: await engine().uploads.list(user.id, event.params.id) }
})
