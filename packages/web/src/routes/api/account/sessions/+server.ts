import { answer } from '#lib/server/answer.ts'
import { engine } from '#lib/server/engine.ts'
import { requireSignedIn } from '#lib/server/require-signed-in.ts'

export const GET = answer(async (event) => {
  return { sessions: await engine().accounts.sessions.list(await requireSignedIn(event)) }
})

/** Ends all sessions but the one that asks. */
export const DELETE = answer(async (event) => {
  await engine().accounts.sessions.revokeOthers(await requireSignedIn(event))
  return { success: true }
})
