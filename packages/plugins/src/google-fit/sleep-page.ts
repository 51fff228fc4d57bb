import type { RejectedRecord, SleepStage } from '@tributary/plugin-sdk'
import { z } from 'zod'
import { recordsOf, splitRejected } from '../records-of.ts'
import { milliseconds, nanoseconds } from './api.ts'
import { orNoSource } from './no-source.ts'

/** The activity type of sleep. */
export const sleeping = 72

/**
 * Types of segments: 1 and 3 are awake and out of bed, 2, 4, 5 and 6 asleep without a stage, light, deep and REM
 * (developers.google.com/fit/scenarios/read-sleep-data). 0, the type of a segment that states none, does not mean awake.
 */
const stageOfType: Record<number, SleepStage> = {
  0: 'asleep',
  1: 'awake',
  2: 'asleep',
  3: 'awake',
  4: 'asleep',
  5: 'asleep',
  6: 'asleep',
}

const session = z
  .object({
    activityType: z.literal(sleeping),
    startTimeMillis: milliseconds,
    /** 0 or left out while it is in progress. */
    endTimeMillis: milliseconds.default(0),
    application: z.object({ packageName: z.string().optional() }).default({}),
  })
  .transform(({ startTimeMillis, endTimeMillis, application }) => ({
    start: startTimeMillis,
    end: endTimeMillis === 0 ? undefined : endTimeMillis,
    app: application.packageName,
  }))
  .refine(({ start, end = start }) => end >= start, { error: 'it ends before it starts' })

const segment = z
  .object({
    startTimeNanos: nanoseconds,
    endTimeNanos: nanoseconds,
    originDataSourceId: z.string().optional(),
    /** Empty if the segment has no value; a value of 0 has no `intVal`. */
    value: z.array(z.object({ intVal: z.int().default(0) })),
  })
  .transform(({ startTimeNanos, endTimeNanos, originDataSourceId, value: [value] }) => ({
    start: startTimeNanos,
    end: endTimeNanos,
    app: appOf(originDataSourceId),
    stage: value && stageOfType[value.intVal],
  }))

export type Session = z.infer<typeof session>
export type Segment = z.infer<typeof segment> & { stage: SleepStage }

const sessionPage = z.object({ session: recordsOf(session) })
const segmentPage = orNoSource(
  z.object({ dataSourceId: z.string(), point: recordsOf(segment).default([]) }),
  {
    dataSourceId: '',
    point: [],
  },
)

/** A page of sessions, or one of segments. */
export const page = z.union([sessionPage, segmentPage])

export interface SleepRecords {
  sessions: Session[]
  segments: Segment[]
  rejected: RejectedRecord[]
}

export function recordsIn(pages: z.infer<typeof page>[]): SleepRecords {
  const sessions = splitRejected(pages.flatMap((answer) => ('session' in answer ? answer.session : [])))
  const segments = splitRejected(pages.flatMap((answer) => ('point' in answer ? answer.point : [])))
  return {
    sessions: sessions.records,
    segments: segments.records.filter(hasStage),
    rejected: [...sessions.rejected, ...segments.rejected],
  }
}

function hasStage(one: z.infer<typeof segment>): one is Segment {
  return one.stage !== undefined
}

/** The app in the id of a data source, `TYPE:DATA TYPE:PACKAGE:…` (a project's number for those written by REST). */
function appOf(dataSource: string | undefined): string | undefined {
  return dataSource?.split(':')[2] ?? dataSource
}
