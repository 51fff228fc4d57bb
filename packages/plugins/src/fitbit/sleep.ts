import { defineStream, type LocalTime, nightsOf, type SleepSession } from '@tributary/plugin-sdk'
import { z } from 'zod'
import { nightRecord } from '../night-record.ts'
import { recordsOf, splitRejected } from '../records-of.ts'

const minutes = z.object({ minutes: z.number().nonnegative() })
const entries = z.array(z.object({ level: z.string(), seconds: z.number().nonnegative() })).catch([])

const log = z
  .object({
    dateOfSleep: z.iso.date(),
    isMainSleep: z.boolean().optional(),
    startTime: z.iso.datetime({ local: true }),
    endTime: z.iso.datetime({ local: true }),
    minutesAsleep: z.number().nonnegative().optional(),
    levels: z
      .object({
        /** Naps and old nights are `classic` and have other levels. */
        summary: z
          .object({ deep: minutes, light: minutes, rem: minutes, wake: minutes })
          .optional()
          .catch(undefined),
        data: entries,
        /** Short wakings, which overlap `data`. */
        shortData: entries,
      })
      .optional()
      .catch(undefined),
  })
  .refine(({ startTime, endTime }) => endTime >= startTime, { error: 'it ends before it starts' })

const page = z.object({ sleep: recordsOf(log, ({ dateOfSleep }) => [z.iso.date().parse(dateOfSleep)]) })

type Log = z.infer<typeof log>

/** Sleep logs by date range (1.2): at most 100 days; times are the tracker's local ones, without a zone. */
export const sleep = defineStream<z.infer<typeof page>>({
  name: 'Sleep',
  fields: ['sleepLength', 'bedTime', 'wakeUpTime', 'sleepDeep', 'sleepLight', 'sleepRem', 'sleepAwake'],
  scopes: ['sleep'],
  // With the day before and the day after, because a night may be split at midnight.
  maxDaysPerRequest: 98,
  answers: 'window',
  schema: page,
  async *fetchData({ http, from, to }) {
    const [first, last] = [
      Temporal.PlainDate.from(from).subtract({ days: 1 }),
      Temporal.PlainDate.from(to).add({ days: 1 }),
    ]
    yield await http.get(`/1.2/user/-/sleep/date/${first}/${last}.json`)
  },
  *mapData(pages, { from, to, zone }) {
    const { records, rejected } = splitRejected(pages.flatMap((answer) => answer.sleep))
    yield* rejected
    const sessions = sessionsOf(records, zone)
    yield* nightsOf(sessions, { from, to }).map(nightRecord)
  },
})

function sessionsOf(logs: Log[], zone: string): SleepSession[] {
  let previousEnd = -Infinity
  return logs
    .toSorted((a, b) => (a.startTime < b.startTime ? -1 : 1))
    .map((one) => {
      const start = placeTime(one.startTime, zone, previousEnd)
      const end = placeTime(one.endTime, zone, start.at)
      previousEnd = end.at
      const mark = one.isMainSleep === undefined ? undefined : one.isMainSleep ? 'main' : 'nap'
      return { start, end, date: one.dateOfSleep, mark, asleep: secondsAsleep(one), totals: totalsOf(one) }
    })
}

/** Of a time that occurs twice because the clock goes back, the second one counts if the first is before `earliest`. */
function placeTime(text: string, zone: string, earliest: number): LocalTime {
  const local = Temporal.PlainDateTime.from(text)
  const [first, second] = (['earlier', 'later'] as const).map(
    (disambiguation) => local.toZonedDateTime(zone, { disambiguation }).epochMilliseconds,
  ) as [number, number]
  return { at: first >= earliest ? first : second, local }
}

/** Fitbit’s own figure, otherwise the time in levels of sleep. */
function secondsAsleep({ minutesAsleep, levels }: Log): number | undefined {
  if (minutesAsleep !== undefined) return minutesAsleep * 60
  if (!levels || levels.summary || levels.data.length === 0) return undefined
  const sum = (some: typeof levels.data) => some.reduce((total, { seconds }) => total + seconds, 0)
  const asleep = levels.data.filter(({ level }) => ['asleep', 'light', 'deep', 'rem'].includes(level))
  return Math.max(0, sum(asleep) - sum(levels.shortData))
}

function totalsOf({ levels }: Log): SleepSession['totals'] {
  if (!levels?.summary) return undefined
  const { deep, light, rem, wake } = levels.summary
  return {
    deep: deep.minutes * 60,
    light: light.minutes * 60,
    rem: rem.minutes * 60,
    awake: wake.minutes * 60,
  }
}
