import { z } from 'zod'
import { answer } from '#lib/server/answer.ts'
import { engine } from '#lib/server/engine.ts'
import { readBody } from '#lib/server/read-input.ts'
import { requireSignedIn } from '#lib/server/require-signed-in.ts'
import { roleSchema } from '#lib/server/role-schema.ts'
import type { RequestEvent } from './$types.js'

const change = z.strictObject(
  { disabled: z.boolean('must be true or false').optional(), role: roleSchema.optional() },
  'The body must be a JSON object',
)

export const PATCH = answer(async (event: RequestEvent) => {
  const { user } = await requireSignedIn(event)
  const changed = await readBody(event.request, change)
  return { user: await engine().admin.changeUser(user.id, event.params.id.toLowerCase(), changed) }
})

/** Removes a user and all that is theirs, for good. */
export const DELETE = answer(async (event: RequestEvent) => {
  const { user } = await requireSignedIn(event)
  const notices = await engine().admin.deleteUser(user.id, event.params.id.toLowerCase())
  return { success: true, notices }
})
