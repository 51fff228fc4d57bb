import { defineStream } from '@tributary/plugin-sdk'
import { z } from 'zod'

const page = z.object({
  weight: z.array(z.object({ date: z.iso.date(), time: z.iso.time(), weight: z.number().positive() })),
})

/** Weight logs by date range: at most 31 days, kilograms unless the request asks for pounds; the day's last weighing counts. */
export const weight = defineStream<z.infer<typeof page>>({
  name: 'Weight',
  fields: ['weight'],
  scopes: ['weight'],
  maxDaysPerRequest: 31,
  answers: 'window',
  schema: page,
  async *fetchData({ http, from, to }) {
    yield await http.get(`/1/user/-/body/log/weight/date/${from}/${to}.json`)
  },
  *mapData(pages) {
    const logs = pages.flatMap((answer) => answer.weight)
    for (const [date, ofDay] of Map.groupBy(logs, (log) => log.date)) {
      const last = ofDay.reduce((latest, log) => (log.time > latest.time ? log : latest))
      yield { date, fields: { weight: last.weight } }
    }
  },
})
