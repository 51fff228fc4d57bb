import { z } from 'zod'
import { answer } from '#lib/server/answer.ts'
import { connectionOf } from '#lib/server/connection-of.ts'
import { engine } from '#lib/server/engine.ts'
import { readBody } from '#lib/server/read-input.ts'
import { requireSignedIn } from '#lib/server/require-signed-in.ts'
import type { RequestEvent } from './$types.js'

const remapAction = z.strictObject(
  { action: z.enum(['begin', 'apply', 'cancel'], 'must be begin, apply or cancel') },
  'The body must be a JSON object',
)

export const GET = answer(async (event: RequestEvent) => {
  const { user } = await requireSignedIn(event)
  const connection = connectionOf(event.url)
  const stored = await engine().remaps.stored(user.id, event.params.id, connection)
  return { stored, remap: await engine().remaps.get(user.id, event.params.id, connection) }
})

export const POST = answer(async (event: RequestEvent) => {
  const { user } = await requireSignedIn(event)
  const { action } = await readBody(event.request, remapAction)
  const remap = await engine().remaps[action](user.id, event.params.id, connectionOf(event.url))
  return Response.json({ remap }, { status: action === 'cancel' ? 200 : 202 })
})
