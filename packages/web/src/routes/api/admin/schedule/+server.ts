import { answer } from '#lib/server/answer.ts'
import { engine } from '#lib/server/engine.ts'
import { requireSignedIn } from '#lib/server/require-signed-in.ts'

export const GET = answer(async (event) => {
  const { user } = await requireSignedIn(event)
  return engine().admin.schedule(user.id)
})
