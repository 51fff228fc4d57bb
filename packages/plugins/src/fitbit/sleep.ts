import { defineStream } from '@tributary/plugin-sdk'
import { z } from 'zod'

const page = z.object({
  sleep: z.array(
    z.object({
      dateOfSleep: z.iso.date(),
      isMainSleep: z.boolean().optional(),
      startTime: z.iso.datetime({ local: true }),
      endTime: z.iso.datetime({ local: true }),
      minutesAsleep: z.number().nonnegative(),
    }),
  ),
})

/** Sleep logs by date range (1.2): at most 100 days; times are the tracker's local ones, without a zone. */
export const sleep = defineStream<z.infer<typeof page>>({
  name: 'Sleep',
  fields: ['sleepLength', 'bedTime', 'wakeUpTime'],
  scopes: ['sleep'],
  maxDaysPerRequest: 100,
  answers: 'window',
  schema: page,
  async *fetchData({ http, from, to }) {
    yield await http.get(`/1.2/user/-/sleep/date/${from}/${to}.json`)
  },
  *mapData(pages) {
    for (const log of pages.flatMap((answer) => answer.sleep)) {
      if (log.isMainSleep === false) continue
      yield {
        date: log.dateOfSleep,
        fields: {
          sleepLength: log.minutesAsleep * 60,
          bedTime: minutesFromMidnight(log.dateOfSleep, log.startTime),
          wakeUpTime: minutesFromMidnight(log.dateOfSleep, log.endTime),
        },
      }
    }
  },
})

/** Whole minutes from the day's midnight by the clock on the wall; negative for the evening before. */
function minutesFromMidnight(date: string, local: string): number {
  const midnight = Temporal.PlainDate.from(date).toPlainDateTime()
  return Math.floor(midnight.until(Temporal.PlainDateTime.from(local)).total('minutes'))
}
