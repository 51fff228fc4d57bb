import { defineStream } from '@tributary/plugin-sdk'
import { z } from 'zod'
import { daysIn, recordsOf, splitRejected } from '../records-of.ts'

const resources = ['steps', 'distance', 'calories', 'minutesFairlyActive', 'minutesVeryActive'] as const
type Resource = (typeof resources)[number]

const series = recordsOf(
  z.object({
    dateTime: z.iso.date(),
    value: z
      .string()
      .regex(/^\d+(\.\d+)?$/)
      .transform(Number),
  }),
  ({ dateTime }) => [dateTime],
)

/** The resource's name is the key of its answer. */
const page = z.union(
  resources.map((resource) =>
    z
      .object({ [`activities-${resource}`]: series })
      .transform((answer) => ({ resource, days: answer[`activities-${resource}`] ?? [] })),
  ),
)

/**
 * Activity time series by date range, one request each: at most 1095 days, every value a string, kilometres unless the
 * request asks for miles.
 *
 * Fitbit writes "0" for a day that it has nothing of, and for the calories of such a day what the body needs at rest. So
 * a day counts only where the person moved in any of the series, and none of them can be read without the others.
 */
export const activity = defineStream<z.infer<typeof page>>({
  name: 'Activity',
  fields: ['steps', 'distance', 'calories', 'activeMinutes'],
  scopes: ['activity'],
  maxDaysPerRequest: 1095,
  answers: 'window',
  schema: page,
  listedDays: ({ days }) => daysIn(days, ({ dateTime }) => dateTime),
  async *fetchData({ http, from, to }) {
    for (const resource of resources)
      yield await http.get(`/1/user/-/activities/${resource}/date/${from}/${to}.json`)
  },
  *mapData(pages) {
    const days = new Map<string, Partial<Record<Resource, number>>>()
    for (const { resource, days: values } of pages) {
      const { records, rejected } = splitRejected(values)
      yield* rejected
      for (const { dateTime, value } of records)
        days.set(dateTime, { ...days.get(dateTime), [resource]: value })
    }
    for (const [date, day] of days) {
      const { steps, distance, calories, minutesFairlyActive: fairly, minutesVeryActive: very } = day
      if (![steps, distance, fairly, very].some(Boolean)) continue
      const activeMinutes = fairly === undefined || very === undefined ? undefined : fairly + very
      yield { date, fields: { steps: steps || undefined, distance, calories, activeMinutes } }
    }
  },
})
