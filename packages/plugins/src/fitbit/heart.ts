import { defineStream } from '@tributary/plugin-sdk'
import { z } from 'zod'

const page = z.object({
  'activities-heart': z.array(
    z.object({
      dateTime: z.iso.date(),
      value: z.object({ restingHeartRate: z.number().optional() }),
    }),
  ),
})

/** Heart rate time series by date range: at most a year; a day without a resting heart rate leaves the key out. */
export const heart = defineStream<z.infer<typeof page>>({
  name: 'Heart rate',
  fields: ['restingHeartRate'],
  scopes: ['heartrate'],
  maxDaysPerRequest: 365,
  answers: 'window',
  schema: page,
  async *fetchData({ http, from, to }) {
    yield await http.get(`/1/user/-/activities/heart/date/${from}/${to}.json`)
  },
  *mapData(pages) {
    for (const { dateTime, value } of pages.flatMap((answer) => answer['activities-heart'])) {
      yield { date: dateTime, fields: { restingHeartRate: value.restingHeartRate } }
    }
  },
})
