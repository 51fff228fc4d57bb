import { defineStream } from '@tributary/plugin-sdk'
import { z } from 'zod'
import { int64, pageOf, readScope } from './api.ts'
import { dayAfter, minutesFromMidnight } from './civil.ts'
import { fetchPoints } from './data-points.ts'
import { sessionInterval } from './session-interval.ts'

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
        summary: z.object({ minutesAsleep: int64 }).optional(),
      }),
    })
    .transform(({ sleep: { interval, metadata, summary } }) => ({
      ...interval,
      ...metadata,
      minutesAsleep: summary?.minutesAsleep,
    })),
)

type Session = z.infer<typeof page>[number]
type Ended = Session & { end: Temporal.PlainDateTime; length: number }

/**
 * The main sleep of each day that it ended on, by the clock on the wall, 25 sessions a page.
 *
 * A sleep that goes on has no end, and one whose stages are still computed is marked `processed: false` and has no summary:
 * both give nothing until they do, so the last days are always read again.
 */
export const sleep = defineStream<z.infer<typeof page>>({
  name: 'Sleep',
  fields: ['sleepLength', 'bedTime', 'wakeUpTime'],
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
    for (const [date, sessions] of Map.groupBy(pages.flat().filter(hasEnded), dayOf)) {
      const main = mainOf(sessions)
      if (main?.minutesAsleep === undefined || !main.processed) continue
      yield {
        date,
        fields: {
          sleepLength: main.minutesAsleep * 60,
          bedTime: minutesFromMidnight(date, main.start),
          wakeUpTime: minutesFromMidnight(date, main.end),
        },
      }
    }
  },
})

/** The one that Google marks; where it marks none, the longest that is no nap. */
function mainOf(sessions: Ended[]): Ended | undefined {
  const marked = sessions.filter(({ mainSleep }) => mainSleep)
  const candidates = marked.length > 0 ? marked : sessions.filter(({ nap }) => !nap)
  return candidates.toSorted((a, b) => b.length - a.length)[0]
}

function hasEnded(session: Session): session is Ended {
  return session.end !== undefined
}

function dayOf({ end }: Ended): string {
  return end.toPlainDate().toString()
}
