import { answer } from '#lib/server/answer.ts'
import { engine } from '#lib/server/engine.ts'
import { problem } from '#lib/server/problem.ts'
import { requireSignedIn } from '#lib/server/require-signed-in.ts'

export const POST = answer(async (event) => {
  const { user } = await requireSignedIn(event)
  if (user.role !== 'admin') {
    throw problem(403, 'admins-only', 'Only an admin can turn simulated sources on. Ask one.')
  }
  await engine().plugins.simulateAll(user.id)
  return { success: true }
})
