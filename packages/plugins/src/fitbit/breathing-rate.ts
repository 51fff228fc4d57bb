import { defineStream } from '@tributary/plugin-sdk'
import { z } from 'zod'

const page = z.object({
  br: z.array(z.object({ dateTime: z.iso.date(), value: z.object({ breathingRate: z.number() }) })),
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
    for (const { dateTime, value } of pages.flatMap((answer) => answer.br)) {
      // -1 says that it could not be told.
      const rate = value.breathingRate === -1 ? undefined : value.breathingRate
      yield { date: dateTime, fields: { breathingRate: rate } }
    }
  },
})
