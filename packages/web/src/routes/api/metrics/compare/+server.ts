import { z } from 'zod'
import { answer } from '#lib/server/answer.ts'
import { checkRange } from '#lib/server/check-range.ts'
import { daySchema } from '#lib/server/day-schema.ts'
import { engine } from '#lib/server/engine.ts'
import { readQuery } from '#lib/server/read-input.ts'
import { requireSignedIn } from '#lib/server/require-signed-in.ts'

const named = 'must be the name of a kind such as metric.steps'
const query = z
  .strictObject({ metric: z.string(named).regex(/^metric\.[\w-]+$/, named), from: daySchema, to: daySchema })
  .check(checkRange)

/** How the sources of a kind follow each other, and how far they agree on the days that two of them have. */
export const GET = answer(async (event) => {
  const { user } = await requireSignedIn(event)
  return engine().metrics.compare(user.id, readQuery(event.url, query))
})
