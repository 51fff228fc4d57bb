import { z } from 'zod'
import { answer } from '#lib/server/answer.ts'
import { engine } from '#lib/server/engine.ts'
import { readBody } from '#lib/server/read-input.ts'
import { requireSignedIn } from '#lib/server/require-signed-in.ts'

const wanted = z.strictObject(
  {
    name: z.string('must be a text'),
    scopes: z.array(
      z.enum(['read', 'write', 'import'], 'must be read, write or import'),
      'must be a list of read, write and import',
    ),
    days: z.int('must be a whole number, or null for no end').nullable(),
  },
  'The body must be a JSON object',
)

export const GET = answer(async (event) => {
  const { user } = await requireSignedIn(event)
  return { tokens: await engine().accounts.tokens.list(user.id) }
})

/** The one answer that holds the token. */
export const POST = answer(async (event) => {
  const { user } = await requireSignedIn(event)
  const made = await engine().accounts.tokens.create(user.id, await readBody(event.request, wanted))
  return Response.json(made, { status: 201 })
})
