import { z } from 'zod'
import { isDay } from '#lib/days.ts'
import { answer } from '#lib/server/answer.ts'
import { daySchema } from '#lib/server/day-schema.ts'
import { engine } from '#lib/server/engine.ts'
import { limitSchema } from '#lib/server/limit-schema.ts'
import { metricSchema } from '#lib/server/metric-schema.ts'
import { readQuery } from '#lib/server/read-input.ts'
import { requireSignedIn } from '#lib/server/require-signed-in.ts'

const momentOrDay = 'must be a moment such as 2026-11-21T12:00:00Z, or a day'
const isMoment = (text: string) =>
  z.iso.datetime({ offset: true }).safeParse(text).success && isDay(text.slice(0, 10))
const query = z.strictObject({
  since: z.union([daySchema, z.string().refine(isMoment)], momentOrDay).optional(),
  metric: metricSchema.optional(),
  after: z
    .string()
    .refine((text) => {
      const [at = '', id = '', ...others] = text.split('_')
      return isMoment(at) && /^\d{1,18}$/.test(id) && others.length === 0
    }, 'must be the "next" of a page')
    .optional(),
  limit: limitSchema.optional(),
})

/** How daily values changed after they were first there: since a moment, or since a day began in the user's time zone. */
export const GET = answer(async (event) => {
  const { user } = await requireSignedIn(event)
  const { since, ...others } = readQuery(event.url, query)
  const moment = since !== undefined && isDay(since) ? startOf(since, user.timeZone) : since
  return engine().metrics.changes(user.id, { ...others, since: moment })
})

const startOf = (day: string, timeZone: string) =>
  Temporal.PlainDate.from(day).toZonedDateTime(timeZone).toInstant().toString()
