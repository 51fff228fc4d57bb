import {
  defineStream,
  type LocalTime,
  nightsOf,
  type RejectedRecord,
  type SleepSession,
} from '@tributary/plugin-sdk'
import { z } from 'zod'
import { nightRecord } from '../night-record.ts'
import { me, milliseconds, nanoseconds, readScope } from './api.ts'
import { fetchDataset } from './dataset.ts'
import { dayOf, endOfDay, startOfDay, wallClock } from './local-days.ts'
import { page, recordsIn, type Segment, sleeping, type SleepRecords } from './sleep-page.ts'

const segmentSource = 'derived:com.google.sleep.segment:com.google.android.gms:merged'
const dayMs = 86_400_000

/**
 * Sleep sessions, and the segments that say when in them the person was asleep. Naps are sessions too, and nothing marks
 * which one is the night.
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
    // A night may be split at midnight, and its first session may begin another day earlier.
    const [start, end] = [startOfDay(from, zone) - dayMs, endOfDay(to, zone) + dayMs]
    const query = { startTime: instant(start), endTime: instant(end), activityType: sleeping }
    let pageToken: string | undefined
    do {
      const answer = await http.get(`${me}/sessions`, { ...query, pageToken })
      yield answer
      pageToken = (answer.hasMoreData && answer.nextPageToken) || undefined
    } while (pageToken)
    yield* fetchDataset(http, segmentSource, { start: start - dayMs, end })
  },
  *mapData(pages, { from, to, zone }) {
    const records = recordsIn(pages)
    yield* records.rejected.map((one) => withDates(one, records, zone))
    yield* nightsOf(sleepSessions(records, zone), { from, to }).map(nightRecord)
  },
})

/**
 * Gives each session the segments of one app: its own app, otherwise the one without a session that recorded most of it. A
 * session without segments counts as sleep throughout.
 */
function sleepSessions({ sessions, segments }: SleepRecords, zone: string): SleepSession[] {
  const apps = new Set(sessions.map(({ app }) => app).filter((app) => app !== undefined))
  const [onlyApp, ...more] = new Set(segments.map(({ app }) => app))
  return sessions.map(({ start, end, app }) => {
    if (end === undefined) return { start: localTime(start, zone), origin: app }
    const within = segments.filter((one) => one.end > start && one.start < end)
    const own = within.filter((one) => app !== undefined && one.app === app)
    const others = within.filter((one) => one.app === undefined || !apps.has(one.app))
    const stages = own.length > 0 ? own : ofOneApp(others, { start, end })
    return {
      start: localTime(start, zone),
      end: localTime(end, zone),
      origin: app ?? stages[0]?.app ?? (more.length === 0 ? onlyApp : undefined),
      stages,
      estimate: (end - start) / 1000,
    }
  })
}

/** The segments of the app that spans most of a session with them, and of two alike the one with more segments. */
function ofOneApp(segments: Segment[], session: { start: number; end: number }): Segment[] {
  const extent = (own: Segment[]) =>
    Math.min(session.end, Math.max(...own.map(({ end }) => end))) -
    Math.max(session.start, Math.min(...own.map(({ start }) => start)))
  const byApp = [...Map.groupBy(segments, ({ app }) => app ?? '')].sort(
    ([one, first], [other, second]) =>
      extent(second) - extent(first) || second.length - first.length || (one < other ? -1 : 1),
  )
  return byApp[0]?.[1] ?? []
}

const endOfRecord = z.union([
  z.object({ endTimeNanos: nanoseconds }).transform(({ endTimeNanos }) => endTimeNanos),
  z.object({ endTimeMillis: milliseconds }).transform(({ endTimeMillis }) => endTimeMillis),
])

/** Adds the day of the night that a rejected record belongs to, if its end can be read. */
function withDates(rejected: RejectedRecord, { sessions }: SleepRecords, zone: string): RejectedRecord {
  const { data: at } = endOfRecord.safeParse(rejected.record)
  if (at === undefined) return rejected
  const night = sessions.find(({ start, end }) => end !== undefined && at > start && at <= end)
  return { ...rejected, dates: [dayOf(night?.end ?? at, zone)] }
}

function localTime(at: number, zone: string): LocalTime {
  return { at, local: wallClock(at, zone) }
}

function instant(milliseconds: number): string {
  return Temporal.Instant.fromEpochMilliseconds(milliseconds).toString()
}
