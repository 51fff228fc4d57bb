import { defineStream } from '@tributary/plugin-sdk'
import { z } from 'zod'

const page = z.object({
  'activities-steps': z.array(z.object({ dateTime: z.iso.date(), value: z.string().regex(/^\d+$/) })),
})

/** Activity time series by date range: at most 1095 days, every value a string. */
export const activity = defineStream<z.infer<typeof page>>({
  name: 'Activity',
  fields: ['steps'],
  scopes: ['activity'],
  maxDaysPerRequest: 1095,
  answers: 'window',
  schema: page,
  async *fetchData({ http, from, to }) {
    yield await http.get(`/1/user/-/activities/steps/date/${from}/${to}.json`)
  },
  *mapData(pages) {
    for (const { dateTime, value } of pages.flatMap((answer) => answer['activities-steps'])) {
      // Fitbit writes "0" for a day that it has nothing of.
      if (value !== '0') yield { date: dateTime, fields: { steps: Number(value) } }
    }
  },
})
