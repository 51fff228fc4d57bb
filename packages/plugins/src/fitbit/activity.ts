import { defineStream } from '@tributary/plugin-sdk'
import { z } from 'zod'

const resources = ['steps', 'distance', 'calories', 'minutesFairlyActive', 'minutesVeryActive'] as const
type Resource = (typeof resources)[number]

const series = z.array(
  z.object({
    dateTime: z.iso.date(),
    value: z
      .string()
      .regex(/^\d+(\.\d+)?$/)
      .transform(Number),
  }),
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
 * a day counts only where the person moved in any of the series.
 */
export const activity = defineStream<z.infer<typeof page>>({
  name: 'Activity',
  fields: ['steps', 'distance', 'calories', 'activeMinutes'],
  scopes: ['activity'],
  maxDaysPerRequest: 1095,
  answers: 'window',
  schema: page,
  listedDays: ({ days }) => days.map(({ dateTime }) => dateTime),
  async *fetchData({ http, from, to }) {
    for (const resource of resources)
      yield await http.get(`/1/user/-/activities/${resource}/date/${from}/${to}.json`)
  },
  *mapData(pages) {
    const days = new Map<string, Partial<Record<Resource, number>>>()
    for (const { resource, days: values } of pages) {
      for (const { dateTime, value } of values)
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
