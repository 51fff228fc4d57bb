import { answer } from '#lib/server/answer.ts'
import { engine } from '#lib/server/engine.ts'
import { requireSignedIn } from '#lib/server/require-signed-in.ts'
import type { RequestEvent } from './$types.js'

/** For who lost the app and the backup codes: from then on the password alone signs in. */
export const DELETE = answer(async (event: RequestEvent) => {
  const { user } = await requireSignedIn(event)
  await engine().admin.resetSecondStep(user.id, event.params.id.toLowerCase())
  return { success: true }
})
