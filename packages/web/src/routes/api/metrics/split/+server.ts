import { z } from 'zod'
import { answer } from '#lib/server/answer.ts'
import { checkRange } from '#lib/server/check-range.ts'
import { daySchema } from '#lib/server/day-schema.ts'
import { engine } from '#lib/server/engine.ts'
import { readQuery } from '#lib/server/read-input.ts'
import { requireSignedIn } from '#lib/server/require-signed-in.ts'

const named = 'must be a name such as wakatime.codingTimeByProject'
const query = z
  .strictObject({
    metric: z.string(named).regex(/^[\w-]+\.[\w-]+$/, named),
    from: daySchema,
    to: daySchema,
  })
  .check(checkRange)

/** The parts of a field that is split by a dimension, day by day. */
export const GET = answer(async (event) => {
  const { user } = await requireSignedIn(event)
  return engine().metrics.split(user.id, readQuery(event.url, query))
})
