import { defineStream } from '@tributary/plugin-sdk'
import { z } from 'zod'

const page = z.object({
  hrv: z.array(z.object({ dateTime: z.iso.date(), value: z.object({ dailyRmssd: z.number() }) })),
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
    for (const { dateTime, value } of pages.flatMap((answer) => answer.hrv)) {
      yield { date: dateTime, fields: { hrv: value.dailyRmssd } }
    }
  },
})
