import { defineStream } from '@tributary/plugin-sdk'
import { z } from 'zod'
import { minutesFromMidnight } from '../minutes-from-midnight.ts'

const minutes = z.object({ minutes: z.number().nonnegative() })

/** Naps and old nights are `classic`, whose levels are no stages. */
const stages = z
  .object({ summary: z.object({ deep: minutes, light: minutes, rem: minutes, wake: minutes }) })
  .transform(({ summary: { deep, light, rem, wake } }) => ({
    sleepDeep: deep.minutes * 60,
    sleepLight: light.minutes * 60,
    sleepRem: rem.minutes * 60,
    sleepAwake: wake.minutes * 60,
  }))

const page = z.object({
  sleep: z.array(
    z.object({
      dateOfSleep: z.iso.date(),
      isMainSleep: z.boolean().optional(),
      startTime: z.iso.datetime({ local: true }),
      endTime: z.iso.datetime({ local: true }),
      minutesAsleep: z.number().nonnegative(),
      levels: stages.optional().catch(undefined),
    }),
  ),
})

type Log = z.infer<typeof page>['sleep'][number]

/** Sleep logs by date range (1.2): at most 100 days; times are the tracker's local ones, without a zone. */
export const sleep = defineStream<z.infer<typeof page>>({
  name: 'Sleep',
  fields: ['sleepLength', 'bedTime', 'wakeUpTime', 'sleepDeep', 'sleepLight', 'sleepRem', 'sleepAwake'],
  scopes: ['sleep'],
  maxDaysPerRequest: 100,
  answers: 'window',
  schema: page,
  async *fetchData({ http, from, to }) {
    yield await http.get(`/1.2/user/-/sleep/date/${from}/${to}.json`)
  },
  *mapData(pages) {
    for (const log of mainSleeps(pages.flatMap((answer) => answer.sleep))) {
      yield {
        date: log.dateOfSleep,
        fields: {
          sleepLength: log.minutesAsleep * 60,
          bedTime: minutesFromMidnight(log.dateOfSleep, Temporal.PlainDateTime.from(log.startTime)),
          wakeUpTime: minutesFromMidnight(log.dateOfSleep, Temporal.PlainDateTime.from(log.endTime)),
          ...log.levels,
        },
      }
    }
  },
})

/** Of each day the sleep that is marked as the main one, else the longest of those without a mark, as older logs are. */
function mainSleeps(logs: Log[]): Iterable<Log> {
  const main = new Map<string, Log>()
  for (const log of logs) {
    if (log.isMainSleep === false) continue
    const other = main.get(log.dateOfSleep)
    if (!other || outranks(log, other)) main.set(log.dateOfSleep, log)
  }
  return main.values()
}

function outranks(log: Log, other: Log): boolean {
  return log.isMainSleep === other.isMainSleep
    ? log.minutesAsleep > other.minutesAsleep
    : log.isMainSleep === true
}
