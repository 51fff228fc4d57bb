import type { Uploaded } from '../../person/uploaded.ts'
import { vo2Max } from '../../person/vitals.ts'
import { workoutsOf } from '../../person/workouts.ts'
import { activeKilocalories } from './roll-up-values.ts'

/** What only Google Health tells. Active calories are those above the basal ones; VO2 max and workouts go by home days. */
export function moreTruth(uploaded: Uploaded, date: string, zone: string): Record<string, unknown> {
  const totals = uploaded.totals(date, zone)
  const day = uploaded.minutes(date)
  const resting = uploaded.restingHeartRate(date)
  return {
    activeCalories: totals.worn > 0 ? activeKilocalories(totals) : null,
    vo2Max: resting === undefined ? null : vo2Max(date),
    bodyFat: uploaded.weighIn(date, zone)?.fat ?? null,
    workouts: day ? workoutsOf(day).length : 0,
  }
}
