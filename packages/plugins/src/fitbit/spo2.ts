import { defineStream } from '@tributary/plugin-sdk'
import { z } from 'zod'
import { recordsOf } from '../records-of.ts'

/** The one list of Fitbit's that has no name around it. */
const page = recordsOf(
  z
    .object({ dateTime: z.iso.date(), value: z.object({ avg: z.number() }) })
    .transform(({ dateTime: date, value }) => ({ date, fields: { spo2: value.avg } })),
  ({ dateTime }) => [dateTime],
)

/** Oxygen saturation of the main sleep by the day it ends: at most 30 days; a night without one has no entry. */
export const spo2 = defineStream<z.infer<typeof page>>({
  name: 'Oxygen saturation',
  fields: ['spo2'],
  scopes: ['oxygen_saturation'],
  maxDaysPerRequest: 30,
  answers: 'window',
  schema: page,
  async *fetchData({ http, from, to }) {
    yield await http.get(`/1/user/-/spo2/date/${from}/${to}.json`)
  },
  *mapData(pages) {
    for (const days of pages) yield* days
  },
})
