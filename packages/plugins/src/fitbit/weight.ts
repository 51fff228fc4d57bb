import { defineStream, isPlausible } from '@tributary/plugin-sdk'
import { z } from 'zod'

const page = z.object({
  weight: z.array(z.object({ date: z.iso.date(), time: z.iso.time(), weight: z.number() })),
})

type Log = z.infer<typeof page>['weight'][number]

/** The last plausible log of a day; of a day without one the last, to be rejected with its reason. */
function lastOf(logs: Log[]): Log {
  const plausible = logs.filter((log) => isPlausible('weight', log.weight))
  return (plausible.length > 0 ? plausible : logs).reduce((last, log) => (log.time > last.time ? log : last))
}

/** Weight logs by date range: at most 31 days, kilograms unless the request asks for pounds; the day's last plausible weighing counts. */
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
      yield { date, fields: { weight: lastOf(ofDay).weight } }
    }
  },
})
