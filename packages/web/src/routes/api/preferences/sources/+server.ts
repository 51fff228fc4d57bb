import { z } from 'zod'
import { answer } from '#lib/server/answer.ts'
import { engine } from '#lib/server/engine.ts'
import { readBody } from '#lib/server/read-input.ts'
import { requireSignedIn } from '#lib/server/require-signed-in.ts'
import type { RequestEvent } from './$types.js'

const ids = 'must be a list of at most 100 ids of sources'
const body = z.strictObject(
  { order: z.array(z.string('must be the id of a source'), ids).max(100, ids) },
  'The body must be a JSON object',
)

/** Sets the order in which sources speak for a kind that several of them have. */
export const PUT = answer(async (event: RequestEvent) => {
  const { user } = await requireSignedIn(event)
  const { order } = await readBody(event.request, body)
  await engine().plugins.prefer(user.id, order)
  return { success: true }
})
