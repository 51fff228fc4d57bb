import { defineStream } from '@tributary/plugin-sdk'
import { z } from 'zod'
import { minutesFromMidnight } from '../minutes-from-midnight.ts'
import { int64, pageOf, readScope } from './api.ts'
import { dayAfter } from './civil.ts'
import { fetchPoints } from './data-points.ts'
import { sessionInterval } from './session-interval.ts'

const stageFields: Record<string, string> = {
  DEEP: 'sleepDeep',
  LIGHT: 'sleepLight',
  REM: 'sleepRem',
  AWAKE: 'sleepAwake',
}

/** Flags that are false are left out, but for `processed`: its absence says nothing, and the summary is there. */
const page = pageOf(
  'dataPoints',
  z
    .object({
      sleep: z.object({
        interval: sessionInterval,
        metadata: z
          .object({
            processed: z.boolean().default(true),
            mainSleep: z.boolean().default(false),
            nap: z.boolean().default(false),
          })
          .default({ processed: true, mainSleep: false, nap: false }),
        summary: z
          .object({
            minutesAsleep: int64,
            stagesSummary: z.array(z.object({ type: z.string(), minutes: int64.default(0) })).default([]),
          })
          .optional(),
      }),
    })
    .transform(({ sleep: { interval, metadata, summary } }) => ({
      ...interval,
      ...metadata,
      minutesAsleep: summary?.minutesAsleep,
      stages: summary?.stagesSummary ?? [],
    })),
)

type Session = z.infer<typeof page>[number]
type Ended = Session & { end: Temporal.PlainDateTime; length: number }

/**
 * The main sleep of each day that it ended on, by the clock on the wall, 25 sessions a page.
 *
 * A sleep that goes on has no end, and one whose stages are still computed is marked `processed: false` and has no summary:
 * both give no value until they do, and leave their day unsettled. Naps have no stages.
 */
export const sleep = defineStream<z.infer<typeof page>>({
  name: 'Sleep',
  fields: ['sleepLength', 'bedTime', 'wakeUpTime', ...Object.values(stageFields)],
  scopes: [readScope('sleep')],
  // With naps some two sessions a day: four pages.
  maxDaysPerRequest: 45,
  lookbackDays: 7,
  settlesAfterDays: 3,
  answers: 'window',
  schema: page,
  fetchData({ http, from, to }) {
    const days = { member: 'interval.civil_end_time', from, until: dayAfter(to) }
    return fetchPoints(http, { type: 'sleep', read: 'reconcile', ...days, pageSize: 25 })
  },
  *mapData(pages) {
    for (const [date, sessions] of Map.groupBy(pages.flat(), dayOf)) {
      const main = mainOf(sessions.filter(hasEnded))
      if (main?.minutesAsleep !== undefined && main.processed) {
        yield {
          date,
          fields: {
            sleepLength: main.minutesAsleep * 60,
            bedTime: minutesFromMidnight(date, main.start),
            wakeUpTime: minutesFromMidnight(date, main.end),
            ...stagesOf(main),
          },
        }
      } else if (main || !sessions.every(hasEnded)) yield { date, fields: {}, unsettled: true }
    }
  },
})

/** Seconds by field. */
function stagesOf({ stages }: Session): Record<string, number> {
  const known = stages.flatMap(({ type, minutes }) => {
    const field = stageFields[type]
    return field ? [[field, minutes * 60] as const] : []
  })
  return Object.fromEntries(known)
}

/** The one that Google marks; where it marks none, the longest that is no nap. */
function mainOf(sessions: Ended[]): Ended | undefined {
  const marked = sessions.filter(({ mainSleep }) => mainSleep)
  const candidates = marked.length > 0 ? marked : sessions.filter(({ nap }) => !nap)
  return candidates.toSorted((a, b) => b.length - a.length)[0]
}

function hasEnded(session: Session): session is Ended {
  return session.end !== undefined
}

/** The day that it ended on; one that goes on will do so by the usual length of a night. */
function dayOf({ start, end }: Session): string {
  return (end ?? start.add({ hours: 8 })).toPlainDate().toString()
}
