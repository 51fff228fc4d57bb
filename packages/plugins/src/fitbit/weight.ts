import { defineStream, isPlausible } from '@tributary/plugin-sdk'
import { z } from 'zod'
import { recordsOf, splitRejected } from '../records-of.ts'

const log = z.object({ date: z.iso.date(), time: z.iso.time(), weight: z.number() })
const page = z.object({ weight: recordsOf(log, ({ date }) => [date]) })

type Log = z.infer<typeof log>

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
    const { records, rejected } = splitRejected(pages.flatMap((answer) => answer.weight))
    yield* rejected
    for (const [date, ofDay] of Map.groupBy(records, (one) => one.date)) {
      yield { date, fields: { weight: lastOf(ofDay).weight } }
    }
  },
})
