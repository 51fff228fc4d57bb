import { z } from 'zod'
import { answer } from '#lib/server/answer.ts'
import { engine } from '#lib/server/engine.ts'
import { readBody } from '#lib/server/read-input.ts'
import { requireSignedIn } from '#lib/server/require-signed-in.ts'

const order = z.strictObject(
  { ids: z.array(z.uuid('must be the id of a template'), 'must be a list of the ids of all templates') },
  'The body must be a JSON object',
)

export const PUT = answer(async (event) => {
  const { user } = await requireSignedIn(event)
  const { ids } = await readBody(event.request, order)
  await engine().templates.reorder(user.id, ids)
  return { success: true }
})
