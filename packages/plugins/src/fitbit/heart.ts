import { defineStream } from '@tributary/plugin-sdk'
import { z } from 'zod'
import { daysIn, recordsOf } from '../records-of.ts'
import { cardioLoad } from './cardio-load.ts'

const zone = z.object({ name: z.string(), minutes: z.number().nonnegative().optional() })

const page = z.object({
  'activities-heart': recordsOf(
    z
      .object({
        dateTime: z.iso.date(),
        value: z.object({
          restingHeartRate: z.number().optional(),
          heartRateZones: z.array(zone).default([]),
        }),
      })
      .transform(({ dateTime: date, value: { restingHeartRate, heartRateZones } }) => ({
        date,
        fields: { restingHeartRate, cardioLoad: cardioLoad(heartRateZones) },
      })),
    ({ dateTime }) => [dateTime],
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
  listedDays: (answer) => daysIn(answer['activities-heart'], ({ date }) => date),
  async *fetchData({ http, from, to }) {
    yield await http.get(`/1/user/-/activities/heart/date/${from}/${to}.json`)
  },
  *mapData(pages) {
    for (const { 'activities-heart': days } of pages) yield* days
  },
})
