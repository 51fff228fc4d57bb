import { zoneMinutes } from '../../person/day-totals.ts'
import type { DayTotals } from '../../person/day-totals.ts'
import { BASAL_KCAL } from '../../person/minute-effort.ts'
import type { Uploaded } from '../../person/uploaded.ts'
import { eachDate, dateOf } from '../../person/local-day.ts'
import { round } from '../../person/vitals.ts'

/** What a window comes to; undefined for one of which nothing was seen, and which is then left out. */
type Value = Readonly<Record<string, unknown>> | undefined

const whenWorn = ({ worn }: DayTotals, value: Record<string, unknown>): Value =>
  worn > 0 ? value : undefined

const SUMS: Record<string, (totals: DayTotals) => Value> = {
  steps: (totals) => whenWorn(totals, { countSum: String(totals.steps) }),
  distance: (totals) => whenWorn(totals, { millimetersSum: String(Math.round(totals.metres * 1000)) }),
  floors: (totals) => whenWorn(totals, { countSum: String(totals.floors) }),
  'total-calories': (totals) => whenWorn(totals, { kcalSum: totals.kilocalories }),
  'active-energy-burned': (totals) => whenWorn(totals, { kcalSum: activeKilocalories(totals) }),
  'active-minutes': (totals) =>
    whenWorn(totals, {
      activeMinutesRollupByActivityLevel: [
        { activityLevel: 'LIGHT', activeMinutesSum: String(totals.light) },
        { activityLevel: 'MODERATE', activeMinutesSum: String(totals.fair) },
        { activityLevel: 'VIGOROUS', activeMinutesSum: String(totals.very) },
      ],
    }),
  'active-zone-minutes'(totals) {
    const { fatBurn, cardio, peak, total } = zoneMinutes(totals)
    if (total === 0) return undefined
    return {
      sumInFatBurnHeartZone: String(fatBurn),
      sumInCardioHeartZone: String(cardio),
      sumInPeakHeartZone: String(peak),
    }
  },
  'heart-rate': ({ heart: { minutes, sum, min, max } }) =>
    minutes === 0
      ? undefined
      : { beatsPerMinuteAvg: sum / minutes, beatsPerMinuteMax: max, beatsPerMinuteMin: min },
}

/** The minutes from one up to, not including, the other, rolled up. */
export function rolledUp(id: string, uploaded: Uploaded, from: number, to: number): Value {
  const sum = SUMS[id]
  if (sum) return sum(uploaded.totalsBetween(from, to))
  const weighIns = [...eachDate(dateOf(from, uploaded.person.zone), dateOf(to, uploaded.person.zone))]
    .flatMap((date) => uploaded.weighIn(date) ?? [])
    .filter(({ minute }) => minute >= from && minute < to)
  if (weighIns.length === 0) return undefined
  const mean = (of: (weighIn: (typeof weighIns)[number]) => number) =>
    round(weighIns.reduce((total, weighIn) => total + of(weighIn), 0) / weighIns.length, 4)
  return id === 'weight'
    ? { weightGramsAvg: mean(({ weight }) => Math.round(weight * 1000)) }
    : { bodyFatPercentageAvg: mean(({ fat }) => fat) }
}

/** Kilocalories above those of merely being alive. */
export function activeKilocalories({ kilocalories, elapsed }: DayTotals): number {
  return round(kilocalories - elapsed * BASAL_KCAL, 3)
}
