import { z } from 'zod'
import { countDays, isDay } from '../civil-day.ts'

const mostDays = 3_700

/** A civil day that exists, as `YYYY-MM-DD`. */
export const daySchema = z
  .string('must be given as a day such as 2026-11-21')
  .refine(isDay, 'must be a day that exists, such as 2026-11-21')
  .meta({ description: 'A civil day, `YYYY-MM-DD`.', format: 'date' })

/** The two ends of a range, both included. */
export const range = {
  from: daySchema.meta({ description: 'The first day, `YYYY-MM-DD`.', format: 'date' }),
  to: daySchema.meta({
    description: 'The last day, `YYYY-MM-DD`, at most 3700 days after the first.',
    format: 'date',
  }),
}

/** Checks that a range of days has an order and is not too long for one response. */
export function checkRange({
  value: { from, to },
  issues,
}: z.core.ParsePayload<{ from: string; to: string }>): void {
  const refuse = (name: 'from' | 'to', message: string) =>
    issues.push({ code: 'custom', path: [name], message, input: { from, to } })
  if (from > to) refuse('from', 'must not be after to')
  else if (countDays(from, to) >= mostDays) refuse('to', `must be at most ${mostDays} days after from`)
}

/** A day in a response. */
export const day = z.string().meta({ description: 'A civil day, `YYYY-MM-DD`.', format: 'date' })

/** A moment in a response. */
export const moment = z.string().meta({ description: 'An instant, ISO 8601.', format: 'date-time' })
