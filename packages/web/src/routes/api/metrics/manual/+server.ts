import { z } from 'zod'
import { answer } from '#lib/server/answer.ts'
import { daySchema } from '#lib/server/day-schema.ts'
import { engine } from '#lib/server/engine.ts'
import { readBody } from '#lib/server/read-input.ts'
import { requireSignedIn } from '#lib/server/require-signed-in.ts'

const entry = z.strictObject(
  {
    metric: z.string('must be the name of a metric, such as manual.ID'),
    date: daySchema,
    value: z.union(
      [z.number(), z.string(), z.null()],
      'must be a number or a text, or null to take the value back',
    ),
  },
  'The body must be a JSON object',
)

export const PUT = answer(async (event) => {
  const { user } = await requireSignedIn(event)
  await engine().metrics.enter(user.id, await readBody(event.request, entry))
  return { success: true }
})
