import { minutesAsleep } from '../../person/night.ts'
import type { Sleep, Stage } from '../../person/night.ts'
import { minutesIn, timedStages, withoutShortWakes } from '../../person/stages.ts'
import type { TimedStage } from '../../person/stages.ts'
import { uploadOf } from '../../person/uploaded.ts'
import type { Uploaded } from '../../person/uploaded.ts'
import type { SourceOptions } from '../../source.ts'
import { instant } from './civil.ts'
import { sessionInterval } from './record.ts'
import type { PointRecord } from './record.ts'

const STAGES: Record<Stage, string> = { wake: 'AWAKE', light: 'LIGHT', deep: 'DEEP', rem: 'REM' }
/** How long the stages of a night are computed after it was uploaded, in minutes. */
const COMPUTED_FOR = 30

/**
 * The sleeps that end on a day, first to last.
 *
 * One that goes on past the upload has no end and stays so until the next; one that was just uploaded has an end, and its
 * stages are not there yet.
 */
export function sleepPoints(
  uploaded: Uploaded,
  date: string,
  { unprocessedNights = [], endlessNights = [] }: SourceOptions,
): PointRecord[] {
  const { person, until } = uploaded
  return [person.night(date), person.nap(date)]
    .filter((sleep) => sleep !== undefined)
    .filter(({ start }) => start < until)
    .map((sleep) => {
      const isNight = sleep.kind === 'night'
      const goesOn = sleep.end > until || (isNight && endlessNights.includes(date))
      const known = (goesOn ? until : uploadOf(sleep.end, person.zone)) * 60
      const stuck = isNight && unprocessedNights.includes(date)
      const computed = !goesOn && !stuck && uploaded.now / 1000 >= known + COMPUTED_FOR * 60
      const [start, end] = [sleep.start * 60, goesOn ? undefined : sleep.end * 60]
      return {
        start,
        ...(end === undefined ? {} : { end }),
        id: `${sleep.kind}-${sleep.start}`,
        origin: 'derived',
        value: () => ({
          interval: sessionInterval(start, end, person.zone),
          type: sleep.kind === 'night' ? 'STAGES' : 'CLASSIC',
          ...(computed ? details(sleep, person.zone) : { metadata: { processed: false } }),
          createTime: instant(known),
          updateTime: instant(computed ? known + COMPUTED_FOR * 60 : known),
        }),
      }
    })
}

function details(sleep: Sleep, zone: string): Record<string, unknown> {
  const inBed = sleep.end - sleep.start
  const asleep = minutesAsleep(sleep)
  const summary = {
    minutesInSleepPeriod: String(inBed),
    minutesAsleep: String(asleep),
    minutesAwake: String(inBed - asleep),
    minutesToFallAsleep: '0',
    minutesAfterWakeUp: '0',
  }
  if (sleep.kind === 'nap') {
    return {
      metadata: { processed: true, nap: true, stagesStatus: 'REJECTED_NAP' },
      stages: segments(timedStages(sleep), zone, (stage) => (stage === 'wake' ? 'RESTLESS' : 'ASLEEP')),
      summary,
    }
  }
  const { stages, shortWakes } = withoutShortWakes(sleep)
  const stagesSummary = Object.entries(STAGES).map(([stage, name]) => ({
    type: name,
    minutes: String(minutesIn(sleep, stage as Stage)),
    count: String(sleep.stages.filter((entry) => entry.stage === stage).length),
  }))
  return {
    metadata: { processed: true, mainSleep: true, stagesStatus: 'SUCCEEDED' },
    stages: segments(stages, zone),
    shortAwakenings: segments(shortWakes, zone),
    summary: { ...summary, stagesSummary },
  }
}

function segments(
  stages: readonly TimedStage[],
  zone: string,
  nameOf: (stage: Stage) => string = (stage) => STAGES[stage],
): unknown[] {
  return stages.map(({ stage, start, minutes }) => ({
    type: nameOf(stage),
    ...sessionInterval(start * 60, (start + minutes) * 60, zone),
  }))
}
