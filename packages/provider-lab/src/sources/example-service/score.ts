import { minutesAsleep } from '../../person/night.ts'
import type { Uploaded } from '../../person/uploaded.ts'

export interface ScoredDay {
  /** 0 to 100, whole. */
  readonly score: number
  readonly durationMinutes: number
}

const GOOD_STEPS = 10_000
const GOOD_SLEEP = 450

/**
 * A day by the service's reckoning: half its score for steps, half for the night's sleep; its duration is the time on
 * one's feet. Undefined for a day of which nothing was seen. It knows only the person's own days, whatever the zone.
 */
export function scoreDay(uploaded: Uploaded, date: string): ScoredDay | undefined {
  const { worn, steps, light, fair, very } = uploaded.totals(date)
  if (worn === 0) return undefined
  const night = uploaded.night(date)
  const asleep = night ? minutesAsleep(night) : 0
  const score = 50 * Math.min(1, steps / GOOD_STEPS) + 50 * Math.min(1, asleep / GOOD_SLEEP)
  return { score: Math.round(score), durationMinutes: light + fair + very }
}
