import { z } from 'zod'
import { answer } from '#lib/server/answer.ts'
import { engine } from '#lib/server/engine.ts'
import { readBody } from '#lib/server/read-input.ts'
import { requireSignedIn } from '#lib/server/require-signed-in.ts'

const values = z.record(
  z.string(),
  z.union([z.string(), z.null()], 'must be a text, or null to take the value away'),
  'The body must be a JSON object of settings such as {"global.base_url": "https://tributary.example"}',
)

export const GET = answer(async (event) => {
  const { user } = await requireSignedIn(event)
  return engine().admin.configuration(user.id)
})

export const PUT = answer(async (event) => {
  const { user } = await requireSignedIn(event)
  return engine().admin.configure(user.id, await readBody(event.request, values))
})
