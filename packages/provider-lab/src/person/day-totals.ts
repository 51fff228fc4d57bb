import { STATE } from './live-day.ts'
import type { TrueMinutes } from './live-day.ts'
import { BASAL_KCAL, exertion, heartZone, kilocalories, metres } from './minute-effort.ts'

/** The sums over some true minutes. Distance in metres, energy in kcal. */
export interface DayTotals {
  /** Minutes of the day there have been so far. */
  elapsed: number
  /** How many of them the device was worn. */
  worn: number
  steps: number
  metres: number
  kilocalories: number
  floors: number
  /** Minutes by exertion; time asleep or in bed is in none of them. */
  sedentary: number
  light: number
  fair: number
  very: number
  /** Minutes and kcal by heart rate zone, in the order of `HEART_ZONES`. */
  zones: { minutes: number; kilocalories: number }[]
  /** Over the minutes that have a heart rate; `minutes` 0 when none has. */
  heart: { minutes: number; sum: number; min: number; max: number }
}

export function noTotals(): DayTotals {
  return {
    elapsed: 0,
    worn: 0,
    steps: 0,
    metres: 0,
    kilocalories: 0,
    floors: 0,
    sedentary: 0,
    light: 0,
    fair: 0,
    very: 0,
    zones: Array.from({ length: 4 }, () => ({ minutes: 0, kilocalories: 0 })),
    heart: { minutes: 0, sum: 0, min: Infinity, max: 0 },
  }
}

/** Adds the minutes from index `from` up to, not including, `to`. */
export function addMinutes(totals: DayTotals, minutes: TrueMinutes, from: number, to: number): void {
  for (let i = from; i < to; i++) {
    totals.elapsed++
    const state = minutes.state[i]!
    if (state === STATE.notWorn) {
      totals.kilocalories += BASAL_KCAL
      totals.sedentary++
      continue
    }
    const steps = minutes.steps[i]!
    const heart = minutes.heart[i]!
    const burned = kilocalories(steps, heart)
    totals.worn++
    totals.steps += steps
    totals.metres += metres(steps)
    totals.kilocalories += burned
    totals.floors += minutes.floors[i]!
    if (state === STATE.up) totals[exertion(steps, heart)]++
    const zone = totals.zones[heartZone(heart)]!
    zone.minutes++
    zone.kilocalories += burned
    totals.heart.minutes++
    totals.heart.sum += heart
    totals.heart.min = Math.min(totals.heart.min, heart)
    totals.heart.max = Math.max(totals.heart.max, heart)
  }
}

/** Zone minutes earned: one for a minute of fat burn, two for one of cardio or peak. */
export function zoneMinutes({ zones }: DayTotals): {
  fatBurn: number
  cardio: number
  peak: number
  total: number
} {
  const [, fatBurn = 0, cardio = 0, peak = 0] = zones.map(({ minutes }, zone) =>
    zone > 1 ? minutes * 2 : minutes,
  )
  return { fatBurn, cardio, peak, total: fatBurn + cardio + peak }
}
