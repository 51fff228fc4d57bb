import type { IncompleteValue } from '@tributary/engine'
import { z } from 'zod'
import { answer } from '#lib/server/answer.ts'
import { checkRange } from '#lib/server/check-range.ts'
import { daySchema } from '#lib/server/day-schema.ts'
import { engine } from '#lib/server/engine.ts'
import { readQuery } from '#lib/server/read-input.ts'
import { openLargeAnswer, streamList } from '#lib/server/large-answers.ts'
import { requireSignedIn } from '#lib/server/require-signed-in.ts'

/** As many as a template has. */
const mostMetrics = 100

const range = z
  .strictObject({
    from: daySchema,
    to: daySchema,
    metrics: z
      .string()
      .transform((names) => names.split(','))
      .pipe(
        z
          .array(
            z
              .string()
              .regex(
                /^[\w-]+\.[\p{L}\p{M}\p{N}_-]+$/u,
                'must be names such as fitbit.steps, with commas between',
              ),
          )
          .max(mostMetrics, `must be at most ${mostMetrics} names; send several requests`),
      )
      .optional(),
  })
  .check(checkRange)

export const GET = answer(async (event) => {
  const { user } = await requireSignedIn(event)
  const { from, to, metrics } = readQuery(event.url, range)
  const incomplete: IncompleteValue[] = []
  async function* days() {
    for await (const part of engine().metrics.dailyInParts(user.id, {
      from,
      to,
      ...(metrics && { metrics }),
    })) {
      incomplete.push(...part.incomplete)
      yield part.days
    }
  }
  const close = openLargeAnswer(user.id)
  return streamList('days', days(), close, () => ({ incomplete }))
})
