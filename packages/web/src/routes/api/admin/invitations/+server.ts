import { z } from 'zod'
import { answer } from '#lib/server/answer.ts'
import { engine } from '#lib/server/engine.ts'
import { readBody } from '#lib/server/read-input.ts'
import { requireSignedIn } from '#lib/server/require-signed-in.ts'
import { roleSchema } from '#lib/server/role-schema.ts'

const invitation = z.strictObject(
  {
    email: z.email('must be an e-mail address such as ada@example.org').optional(),
    role: roleSchema.default('user'),
  },
  'The body must be a JSON object',
)

export const POST = answer(async (event) => {
  const { user } = await requireSignedIn(event)
  const invited = await engine().admin.invite(user.id, await readBody(event.request, invitation))
  return Response.json(invited, { status: 201 })
})
