import { defineStream } from '@tributary/plugin-sdk'
import { z } from 'zod'
import { minutesFromMidnight } from '../minutes-from-midnight.ts'
import { me, milliseconds, readScope } from './api.ts'
import { datasetPage, fetchDataset } from './dataset.ts'
import { dayOf, endOfDay, startOfDay, wallClock } from './local-days.ts'

const sleeping = 72
/** Asleep without stages, light, deep and REM; 1 and 3 are awake and out of bed (developers.google.com/fit/scenarios/read-sleep-data). */
const asleepTypes = [2, 4, 5, 6]
const segmentSource = 'derived:com.google.sleep.segment:com.google.android.gms:merged'
const dayMs = 86_400_000

const sessionPage = z.object({
  session: z.array(
    z.object({
      activityType: z.literal(sleeping),
      startTimeMillis: milliseconds,
      endTimeMillis: milliseconds,
    }),
  ),
})
const page = z.union([sessionPage, datasetPage])

type Session = z.infer<typeof sessionPage>['session'][number]
type Segment = z.infer<typeof datasetPage>['point'][number]

/**
 * Sleep sessions by the day they end, and the segments that tell when in them the person was asleep.
 *
 * Naps are sessions too and no word says which one is the night: it is the longest that ends on the day.
 */
export const sleep = defineStream<z.infer<typeof page>>({
  name: 'Sleep',
  fields: ['sleepLength', 'bedTime', 'wakeUpTime'],
  scopes: [readScope('sleep')],
  maxDaysPerRequest: 90,
  daysByZone: true,
  answers: 'window',
  schema: page,
  async *fetchData({ http, from, to, zone }) {
    const [start, end] = [startOfDay(from, zone), endOfDay(to, zone)]
    const query = { startTime: instant(start), endTime: instant(end), activityType: sleeping }
    let pageToken: string | undefined
    do {
      const answer = await http.get(`${me}/sessions`, { ...query, pageToken })
      yield answer
      pageToken = (answer.hasMoreData && answer.nextPageToken) || undefined
    } while (pageToken)
    // From a day earlier: the first night began before the first day.
    yield* fetchDataset(http, segmentSource, { start: start - dayMs, end })
  },
  *mapData(pages, { zone }) {
    const segments = pages.flatMap((answer) => ('point' in answer ? answer.point : []))
    const nights = new Map<string, Session>()
    for (const session of pages.flatMap((answer) => ('session' in answer ? answer.session : []))) {
      const date = dayOf(session.endTimeMillis, zone)
      const other = nights.get(date)
      if (!other || lengthOf(session) > lengthOf(other)) nights.set(date, session)
    }
    for (const [date, session] of nights) {
      yield {
        date,
        fields: {
          sleepLength: asleepSeconds(session, segments),
          bedTime: minutesFromMidnight(date, wallClock(session.startTimeMillis, zone)),
          wakeUpTime: minutesFromMidnight(date, wallClock(session.endTimeMillis, zone)),
        },
      }
    }
  },
})

/** The whole session where it has no segments. */
function asleepSeconds({ startTimeMillis: from, endTimeMillis: to }: Session, segments: Segment[]): number {
  const within = segments
    .map(({ start, end, value }) => ({ value, length: Math.min(end, to) - Math.max(start, from) }))
    .filter(({ length }) => length > 0)
  if (within.length === 0) return (to - from) / 1000
  return within.reduce((sum, { value, length }) => sum + (isAsleep(value) ? length : 0), 0) / 1000
}

function isAsleep(type: number | undefined): boolean {
  return type !== undefined && asleepTypes.includes(type)
}

function lengthOf({ startTimeMillis, endTimeMillis }: Session): number {
  return endTimeMillis - startTimeMillis
}

function instant(milliseconds: number): string {
  return Temporal.Instant.fromEpochMilliseconds(milliseconds).toString()
}
