import { defineStream } from '@tributary/plugin-sdk'
import { z } from 'zod'
import { recordsOf } from '../records-of.ts'

const page = z.object({
  hrv: recordsOf(
    z
      .object({ dateTime: z.iso.date(), value: z.object({ dailyRmssd: z.number() }) })
      .transform(({ dateTime: date, value }) => ({ date, fields: { hrv: value.dailyRmssd } })),
    ({ dateTime }) => [dateTime],
  ),
})

/** Heart rate variability of the main sleep by the day it ends: at most 30 days; a night without one has no entry. */
export const hrv = defineStream<z.infer<typeof page>>({
  name: 'Heart rate variability',
  fields: ['hrv'],
  scopes: ['heartrate'],
  maxDaysPerRequest: 30,
  answers: 'window',
  schema: page,
  async *fetchData({ http, from, to }) {
    yield await http.get(`/1/user/-/hrv/date/${from}/${to}.json`)
  },
  *mapData(pages) {
    for (const { hrv: days } of pages) yield* days
  },
})
