import { z } from 'zod'
import { answer } from '#lib/server/answer.ts'
import { daySchema } from '#lib/server/day-schema.ts'
import { engine } from '#lib/server/engine.ts'
import { metricSchema } from '#lib/server/metric-schema.ts'
import { offsetSchema } from '#lib/server/offset-schema.ts'
import { readQuery } from '#lib/server/read-input.ts'
import { requireSignedIn } from '#lib/server/require-signed-in.ts'

const question = z.strictObject({ metric: metricSchema, date: daySchema, offset: offsetSchema.optional() })

/** Where a value of a day comes from, or why there is none. */
export const GET = answer(async (event) => {
  const { user } = await requireSignedIn(event)
  return engine().metrics.explain(user.id, readQuery(event.url, question))
})
