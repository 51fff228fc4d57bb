import { json } from '../../http/answer.ts'
import type { Answer } from '../../http/answer.ts'
import { wallClock } from '../../person/local-day.ts'
import { minutesAsleep } from '../../person/night.ts'
import type { Sleep, Stage } from '../../person/night.ts'
import { minutesIn, timedStages, withoutShortWakes } from '../../person/stages.ts'
import type { TimedStage } from '../../person/stages.ts'
import type { Uploaded } from '../../person/uploaded.ts'
import { askedDates, lastThirtyDays } from './date-range.ts'
import type { Call } from './routes.ts'

const LONGEST = 100
const STAGES = ['deep', 'light', 'rem', 'wake'] as const

/** Sleep logs by the day they end, the newest first; a single date also gets a summary over its logs. */
export function sleepLog(call: Call): Answer {
  const { uploaded } = call
  const sleeps = askedDates(call, LONGEST).flatMap((date) => uploaded.sleeps(date))
  const logs = sleeps.reverse().map((sleep) => sleepEntry(sleep, uploaded))
  if (call.parameters.end !== undefined) return json(200, { sleep: logs })
  const sum = (of: (sleep: Sleep) => number) => sleeps.reduce((total, sleep) => total + of(sleep), 0)
  const nights = sleeps.filter(({ kind }) => kind === 'night')
  const summary = {
    ...(nights[0]
      ? { stages: Object.fromEntries(STAGES.map((stage) => [stage, minutesIn(nights[0]!, stage)])) }
      : {}),
    totalMinutesAsleep: sum(minutesAsleep),
    totalSleepRecords: sleeps.length,
    totalTimeInBed: sum(inBed),
  }
  return json(200, { sleep: logs, summary })
}

function sleepEntry(sleep: Sleep, uploaded: Uploaded): unknown {
  const { zone } = uploaded.person
  const asleep = minutesAsleep(sleep)
  return {
    dateOfSleep: sleep.date,
    duration: inBed(sleep) * 60_000,
    efficiency: Math.round((asleep / inBed(sleep)) * 100),
    endTime: localTime(sleep.end, zone),
    infoCode: sleep.kind === 'night' ? 0 : 2,
    isMainSleep: sleep.kind === 'night',
    levels: sleep.kind === 'night' ? stagedLevels(sleep, uploaded) : classicLevels(sleep, zone),
    logId: sleep.start * 600 + (sleep.kind === 'night' ? 1 : 2),
    logType: 'auto_detected',
    minutesAfterWakeup: 0,
    minutesAsleep: asleep,
    minutesAwake: inBed(sleep) - asleep,
    minutesToFallAsleep: 0,
    startTime: localTime(sleep.start, zone),
    timeInBed: inBed(sleep),
    type: sleep.kind === 'night' ? 'stages' : 'classic',
  }
}

/** `data` covers the whole night without the short wakings, `shortData` lies over it: their sum counts minutes twice. */
function stagedLevels(sleep: Sleep, uploaded: Uploaded): unknown {
  const { zone } = uploaded.person
  const levels = timedStages(sleep)
  const { stages, shortWakes } = withoutShortWakes(sleep)
  const averages = averageNight(sleep.date, uploaded)
  const summary = STAGES.map((stage) => {
    const count = levels.filter((entry) => entry.stage === stage).length
    return [stage, { count, minutes: minutesIn(sleep, stage), thirtyDayAvgMinutes: averages[stage] }]
  })
  return {
    data: entries(stages, zone),
    shortData: entries(shortWakes, zone),
    summary: Object.fromEntries(summary),
  }
}

function classicLevels(sleep: Sleep, zone: string): unknown {
  const levels = timedStages(sleep)
  const summary = (['asleep', 'awake', 'restless'] as const).map((level) => {
    const found = levels.filter(({ stage }) => classicLevel(stage) === level)
    const minutes = found.reduce((sum, entry) => sum + entry.minutes, 0)
    return [level, { count: level === 'asleep' ? 0 : found.length, minutes }]
  })
  return { data: entries(levels, zone, classicLevel), summary: Object.fromEntries(summary) }
}

function classicLevel(stage: Stage): 'asleep' | 'restless' {
  return stage === 'wake' ? 'restless' : 'asleep'
}

function entries(
  levels: readonly TimedStage[],
  zone: string,
  nameOf: (stage: Stage) => string = (stage) => stage,
): unknown[] {
  return levels.map(({ stage, start, minutes }) => ({
    dateTime: localTime(start, zone),
    level: nameOf(stage),
    seconds: minutes * 60,
  }))
}

function averageNight(date: string, uploaded: Uploaded): Record<Stage, number> {
  const nights = lastThirtyDays(date).flatMap((day) => uploaded.night(day) ?? [])
  const mean = (stage: Stage) =>
    Math.round(nights.reduce((sum, night) => sum + minutesIn(night, stage), 0) / Math.max(1, nights.length))
  return { deep: mean('deep'), light: mean('light'), rem: mean('rem'), wake: mean('wake') }
}

function inBed(sleep: Sleep): number {
  return sleep.end - sleep.start
}

/** Wall clock without a zone: `2026-03-29T07:04:00.000`. */
function localTime(minute: number, zone: string): string {
  return wallClock(minute, zone).toString({ smallestUnit: 'millisecond' })
}
