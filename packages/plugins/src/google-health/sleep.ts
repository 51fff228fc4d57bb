import { defineStream, nightsOf, type SleepSession, type StageTotals } from '@tributary/plugin-sdk'
import { z } from 'zod'
import { nightRecord } from '../night-record.ts'
import { recordsOf, splitRejected } from '../records-of.ts'
import { int64, readScope, pageOf } from './api.ts'
import { dayAfter, dayBefore, instant } from './civil.ts'
import { fetchPoints } from './data-points.ts'
import { endDayOf, placeInterval, sessionInterval } from './session-interval.ts'

type Stages = NonNullable<SleepSession['stages']>

/** Google’s types. `RESTLESS` occurs in `classic` sleep and does not count as asleep (spec, SleepSummary). */
const stageNames: Record<string, Stages[number]['stage']> = {
  AWAKE: 'awake',
  RESTLESS: 'awake',
  ASLEEP: 'asleep',
  LIGHT: 'light',
  DEEP: 'deep',
  REM: 'rem',
}

/** An unspecified stage counts as sleep; an unknown type does not count. */
function stageOf(type: string): Stages[number]['stage'] | undefined {
  return type.endsWith('UNSPECIFIED') ? 'asleep' : stageNames[type]
}

const stageType = z.string().default('UNSPECIFIED')

/** The segments that can be read; the others do not count. */
const segments = recordsOf(z.object({ type: stageType, startTime: instant, endTime: instant }))
  .transform((items) => splitRejected(items).records)
  .default([])

const summary = z.object({
  minutesAsleep: int64.optional(),
  stagesSummary: recordsOf(z.object({ type: stageType, minutes: int64.default(0) }))
    .transform((items) => splitRejected(items).records)
    .default([]),
})

/** Flags that are false are left out, except `processed`, which is also missing where the summary is complete. */
const point = z.object({
  sleep: z.object({
    interval: sessionInterval,
    metadata: z
      .object({
        processed: z.boolean().default(true),
        mainSleep: z.boolean().default(false),
        nap: z.boolean().default(false),
      })
      .default({ processed: true, mainSleep: false, nap: false }),
    summary: summary.optional(),
    stages: segments,
    /** These two overlap the stages. */
    shortAwakenings: segments,
    outOfBedSegments: segments,
  }),
})

const page = pageOf('dataPoints', point, ({ sleep }) => [endDayOf(sleep.interval)])

type Sleep = z.infer<typeof point>['sleep']

/**
 * The main sleep of each day, 25 sessions a page.
 *
 * A sleep in progress has no end, and one whose stages are still being computed is marked `processed: false`; both leave
 * their day unsettled. Reconciled sessions have no origin.
 */
export const sleep = defineStream<z.infer<typeof page>>({
  name: 'Sleep',
  fields: ['sleepLength', 'bedTime', 'wakeUpTime', 'sleepDeep', 'sleepLight', 'sleepRem', 'sleepAwake'],
  scopes: [readScope('sleep')],
  // With naps some two sessions a day: four pages.
  maxDaysPerRequest: 45,
  lookbackDays: 7,
  settlesAfterDays: 3,
  answers: 'window',
  schema: page,
  fetchData({ http, from, to }) {
    // A night may be split at midnight.
    const days = { from: dayBefore(from), until: dayAfter(dayAfter(to)) }
    const query = {
      type: 'sleep',
      read: 'reconcile',
      member: 'interval.civil_end_time',
      pageSize: 25,
    } as const
    return fetchPoints(http, { ...query, ...days })
  },
  *mapData(pages, { from, to, zone }) {
    const { records, rejected } = splitRejected(pages.flat())
    yield* rejected
    const sessions = records.map((item) => sessionOf(item.sleep, zone))
    yield* nightsOf(sessions, { from, to }).map(nightRecord)
  },
})

function sessionOf(sleep: Sleep, zone: string): SleepSession {
  const { mainSleep, nap, processed } = sleep.metadata
  const asleep = secondsAsleep(sleep)
  const totals = sleep.summary && totalsOf(sleep.summary)
  return {
    ...placeInterval(sleep.interval, zone),
    mark: mainSleep ? 'main' : nap ? 'nap' : undefined,
    processing: !processed,
    asleep,
    totals: totals && Object.keys(totals).length > 0 ? totals : undefined,
    stages: asleep === undefined ? stagesOf(sleep) : undefined,
  }
}

/** Proto3 leaves out zeros: a summary without minutes asleep and without stages means that there were none. */
function secondsAsleep({ summary: given, stages }: Sleep): number | undefined {
  if (!given) return undefined
  if (given.minutesAsleep !== undefined) return given.minutesAsleep * 60
  const asleep = given.stagesSummary.filter(({ type }) => (stageOf(type) ?? 'awake') !== 'awake')
  const minutes = asleep.reduce((sum, stage) => sum + stage.minutes, 0)
  return minutes === 0 && stages.length > 0 ? undefined : minutes * 60
}

/** Seconds by stage; `RESTLESS` is not one. */
function totalsOf({ stagesSummary }: z.infer<typeof summary>): StageTotals {
  const totals: StageTotals = {}
  for (const { type, minutes } of stagesSummary) {
    const stage = type === 'RESTLESS' ? undefined : stageOf(type)
    if (stage && stage !== 'asleep') totals[stage] = minutes * 60
  }
  return totals
}

function stagesOf({ stages, shortAwakenings, outOfBedSegments }: Sleep): Stages | undefined {
  const known = stages.flatMap(({ type, startTime: start, endTime: end }) => {
    const stage = stageOf(type)
    return stage ? [{ stage, start, end }] : []
  })
  const awake = [...shortAwakenings, ...outOfBedSegments].map(
    ({ startTime: start, endTime: end }) => ({ stage: 'awake', start, end }) as const,
  )
  return known.length > 0 ? [...known, ...awake] : undefined
}
