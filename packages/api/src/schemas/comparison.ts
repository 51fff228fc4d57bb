import { z } from 'zod'
import { day } from './day.ts'

const seam = z
  .object({ day, from: z.string(), to: z.string() })
  .describe('A day from which another source speaks for a kind; `from` and `to` are ids of sources.')

const comparedDay = z.object({
  date: day,
  one: z.number(),
  other: z.number(),
  difference: z
    .number()
    .describe(
      '`other` less `one`, in the unit that both are stored in; of times of day the shorter way around the clock.',
    ),
})

/** Two sources' own metrics of one kind, on the days that both have. */
export const comparison = z.object({
  one: z
    .string()
    .describe('`SOURCE.FIELD`: first that of a retired source, else of the one that goes first.'),
  other: z.string(),
  days: z.array(comparedDay).describe('Oldest first.'),
  meanDifference: z.number(),
  meanAbsoluteDifference: z.number(),
  meanPercent: z
    .number()
    .nullable()
    .describe('In per cent of the mean of `one`; `null` for times and where that mean is zero.'),
  meanAbsolutePercent: z.number().nullable(),
  largest: z.array(comparedDay).describe('At most ten days that differ, the largest difference first.'),
})

/** How the sources of a kind follow each other, and how far they agree. */
export const succession = z
  .object({
    seams: z.array(seam).describe('Oldest first.'),
    filled: z
      .array(z.object({ date: day, source: z.string() }))
      .describe('Days between seams that another source filled in, oldest first.'),
    comparisons: z.array(comparison).describe('Each two sources that have days in common.'),
  })
  .meta({ id: 'Succession' })

export type Seam = z.infer<typeof seam>
export type ComparedDay = z.infer<typeof comparedDay>
export type Comparison = z.infer<typeof comparison>
export type Succession = z.infer<typeof succession>
