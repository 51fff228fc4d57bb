import { defineStream } from '@tributary/plugin-sdk'
import { z } from 'zod'
import { recordsOf } from '../records-of.ts'

const page = z.object({
  br: recordsOf(
    z
      .object({ dateTime: z.iso.date(), value: z.object({ breathingRate: z.number() }) })
      // -1 says that it could not be told.
      .transform(({ dateTime: date, value: { breathingRate: rate } }) => ({
        date,
        fields: { breathingRate: rate === -1 ? undefined : rate },
      })),
    ({ dateTime }) => [dateTime],
  ),
})

/** Breathing rate of the main sleep by the day it ends: at most 30 days; a night without one has no entry. */
export const breathingRate = defineStream<z.infer<typeof page>>({
  name: 'Breathing rate',
  fields: ['breathingRate'],
  scopes: ['respiratory_rate'],
  maxDaysPerRequest: 30,
  answers: 'window',
  schema: page,
  async *fetchData({ http, from, to }) {
    yield await http.get(`/1/user/-/br/date/${from}/${to}.json`)
  },
  *mapData(pages) {
    for (const { br: days } of pages) yield* days
  },
})
