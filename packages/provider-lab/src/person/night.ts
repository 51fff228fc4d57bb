import { minuteAt } from './local-day.ts'
import { seededRandom } from './random.ts'
import type { Random } from './random.ts'

export type Stage = 'wake' | 'light' | 'deep' | 'rem'

/** A stretch of sleep. `start` and `end` are minutes from the epoch; the stages follow one another and fill it. */
export interface Sleep {
  /** The day it belongs to: the local day on which it ends. */
  readonly date: string
  readonly kind: 'night' | 'nap'
  readonly start: number
  readonly end: number
  readonly stages: readonly { readonly stage: Stage; readonly minutes: number }[]
}

/** How long the walk to the bathroom in the middle of each night takes, in minutes. */
export const TRIP_LENGTH = 6

/** The main sleep that ends on the morning of `date`. A device put back on after a day off sees it from after midnight. */
export function planNight(seed: string, date: string, zone: string, woreTheDayBefore: boolean): Sleep {
  const random = seededRandom(seed, 'night', date)
  const freeMorning = Temporal.PlainDate.from(date).dayOfWeek >= 6
  const usualBedTime = Math.round(freeMorning ? random.around(35, 50) : random.around(-40, 35))
  const bedTime = woreTheDayBefore ? usualBedTime : Math.max(usualBedTime, 4)
  const length = Math.round(random.around(freeMorning ? 495 : 440, 45))
  const start = minuteAt(date, bedTime, zone)
  return { date, kind: 'night', start, end: start + length, stages: nightStages(random, length) }
}

/** A short sleep in the afternoon of some days. */
export function planNap(seed: string, date: string, zone: string): Sleep | undefined {
  const random = seededRandom(seed, 'nap', date)
  const freeDay = Temporal.PlainDate.from(date).dayOfWeek >= 6
  if (!random.chance(freeDay ? 0.3 : 0.08)) return undefined
  const start = minuteAt(date, random.integer(13 * 60 + 30, 15 * 60 + 30), zone)
  const asleepFor = random.integer(20, 65)
  const stages = [
    { stage: 'wake', minutes: random.integer(1, 4) },
    { stage: 'light', minutes: asleepFor },
    { stage: 'wake', minutes: random.integer(1, 3) },
  ] as const
  return { date, kind: 'nap', start, end: start + total(stages), stages }
}

export function minutesAsleep(sleep: Sleep): number {
  return total(sleep.stages.filter(({ stage }) => stage !== 'wake'))
}

/** The minute at which the night's walk begins: halfway, hence always after midnight. */
export function tripStart(night: Sleep): number {
  return night.start + Math.floor((night.end - night.start) / 2)
}

function nightStages(random: Random, length: number): Sleep['stages'] {
  const stages: { stage: Stage; minutes: number }[] = []
  let filled = 0
  let limit = Math.floor(length / 2)
  const add = (stage: Stage, minutes: number) => {
    const taken = Math.min(Math.round(minutes), limit - filled)
    if (taken <= 0) return
    const last = stages.at(-1)
    if (last?.stage === stage) last.minutes += taken
    else stages.push({ stage, minutes: taken })
    filled += taken
  }
  const addCycle = (number: number) => {
    add('light', random.integer(12, 26))
    if (random.chance(0.6)) add('wake', random.integer(1, 3))
    add('light', random.integer(5, 15))
    add('deep', Math.max(4, random.integer(22, 36) - number * 7))
    add('light', random.integer(8, 22))
    add('rem', random.integer(6, 12) + number * 5)
    add('wake', random.chance(0.2) ? random.integer(4, 8) : random.integer(1, 2))
  }

  add('wake', random.integer(4, 9))
  let cycle = 0
  while (filled < limit) addCycle(cycle++)
  limit += TRIP_LENGTH
  add('wake', TRIP_LENGTH)
  limit = length
  while (filled < limit) addCycle(cycle++)
  return stages
}

function total(stages: readonly { readonly minutes: number }[]): number {
  return stages.reduce((sum, { minutes }) => sum + minutes, 0)
}
