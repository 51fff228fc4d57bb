import { defineStream } from '@tributary/plugin-sdk'
import { z } from 'zod'
import { cardioLoad } from './cardio-load.ts'

const zone = z.object({ name: z.string(), minutes: z.number().nonnegative().optional() })

const page = z.object({
  'activities-heart': z.array(
    z.object({
      dateTime: z.iso.date(),
      value: z.object({
        restingHeartRate: z.number().optional(),
        heartRateZones: z.array(zone).optional(),
      }),
    }),
  ),
})

/** Heart rate time series by date range: at most a year; a day without a resting heart rate leaves the key out. */
export const heart = defineStream<z.infer<typeof page>>({
  name: 'Heart rate',
  fields: ['restingHeartRate', 'cardioLoad'],
  scopes: ['heartrate'],
  maxDaysPerRequest: 365,
  answers: 'window',
  schema: page,
  listedDays: (answer) => answer['activities-heart'].map(({ dateTime }) => dateTime),
  async *fetchData({ http, from, to }) {
    yield await http.get(`/1/user/-/activities/heart/date/${from}/${to}.json`)
  },
  *mapData(pages) {
    for (const { dateTime, value } of pages.flatMap((answer) => answer['activities-heart'])) {
      const { restingHeartRate, heartRateZones = [] } = value
      yield { date: dateTime, fields: { restingHeartRate, cardioLoad: cardioLoad(heartRateZones) } }
    }
  },
})
