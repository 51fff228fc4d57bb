import type { Sleep, Stage } from './night.ts'

/** A stage with the minute at which it begins, counted from the epoch. */
export interface TimedStage {
  readonly stage: Stage
  readonly start: number
  readonly minutes: number
}

/** A waking no longer than this is short: devices tell of it beside the stages and not among them. Minutes. */
const SHORT_WAKE = 3

export function timedStages(sleep: Sleep): TimedStage[] {
  let start = sleep.start
  return sleep.stages.map(({ stage, minutes }) => {
    const timed = { stage, start, minutes }
    start += minutes
    return timed
  })
}

/** The whole night without its short wakings, whose time goes to the stage before; and they alone, lying over it. */
export function withoutShortWakes(sleep: Sleep): { stages: TimedStage[]; shortWakes: TimedStage[] } {
  const stages: { stage: Stage; start: number; minutes: number }[] = []
  const shortWakes: TimedStage[] = []
  for (const timed of timedStages(sleep)) {
    const short = timed.stage === 'wake' && timed.minutes <= SHORT_WAKE
    if (short) shortWakes.push(timed)
    const last = stages.at(-1)
    if (last && (short || timed.stage === last.stage)) last.minutes += timed.minutes
    else stages.push({ ...timed })
  }
  return { stages, shortWakes }
}

export function minutesIn(sleep: Sleep, stage: Stage): number {
  return sleep.stages.reduce((sum, entry) => (entry.stage === stage ? sum + entry.minutes : sum), 0)
}
