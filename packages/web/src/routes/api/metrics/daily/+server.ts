import { z } from 'zod'
import { answer } from '#lib/server/answer.ts'
import { checkRange } from '#lib/server/check-range.ts'
import { daySchema } from '#lib/server/day-schema.ts'
import { engine } from '#lib/server/engine.ts'
import { readQuery } from '#lib/server/read-input.ts'
import { requireSignedIn } from '#lib/server/require-signed-in.ts'

const range = z
  .strictObject({
    from: daySchema,
    to: daySchema,
    metrics: z
      .string()
      .transform((names) => names.split(','))
      .pipe(
        z.array(
          z
            .string()
            .regex(
              /^[\w-]+\.[\p{L}\p{M}\p{N}_-]+$/u,
              'must be names such as fitbit.steps, with commas between',
            ),
        ),
      )
      .optional(),
  })
  .check(checkRange)

export const GET = answer(async (event) => {
  const { user } = await requireSignedIn(event)
  const { from, to, metrics } = readQuery(event.url, range)
  return engine().metrics.daily(user.id, { from, to, ...(metrics && { metrics }) })
})
