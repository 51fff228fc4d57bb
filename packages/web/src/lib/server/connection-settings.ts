import { z } from 'zod'
import { addDays } from '../days.ts'
import { daySchema } from './day-schema.ts'

const mostDays = 20_000

/** What a user may change of a connection, as the API takes it: its depth as a day, or as so many days back from today. */
export function connectionSettings(today: string) {
  return z
    .strictObject(
      {
        name: z.string('must be a text').max(100, 'must be at most 100 characters').optional(),
        enabled: z.boolean('must be true or false').optional(),
        streams: z
          .array(z.string('must be the id of a stream'), 'must be a list of ids of streams')
          .optional(),
        historyFrom: daySchema
          .refine((day) => day <= today, 'must not lie in the future')
          .refine((day) => day >= addDays(today, -mostDays), `must be at most ${mostDays} days back`)
          .optional(),
        keepEvery: z
          .record(z.string(), z.int('must be a number of seconds').min(0, 'must not be below 0'))
          .optional(),
        historyPaused: z.boolean('must be true or false').optional(),
        historyDays: z
          .int('must be a whole number')
          .min(0, 'must not be below 0')
          .max(mostDays, `must be at most ${mostDays}`)
          .optional(),
      },
      'The body must be a JSON object',
    )
    .refine(({ historyFrom, historyDays }) => historyFrom === undefined || historyDays === undefined, {
      path: ['historyDays'],
      message: 'must not be given together with historyFrom',
    })
    .transform(({ historyDays, ...settings }) =>
      historyDays === undefined ? settings : { ...settings, historyFrom: addDays(today, -historyDays) },
    )
}
