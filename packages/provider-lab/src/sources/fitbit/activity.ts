import { json } from '../../http/answer.ts'
import type { Answer } from '../../http/answer.ts'
import { zoneMinutes } from '../../person/day-totals.ts'
import type { DayTotals } from '../../person/day-totals.ts'
import { BASAL_KCAL } from '../../person/minute-effort.ts'
import { round } from '../../person/vitals.ts'
import { askedDate, askedDates } from './date-range.ts'
import type { Call } from './routes.ts'

const LONGEST_SERIES = 1095
const METRES_PER_FLOOR = 3.048

/** Kilometres, or miles where the request asked for them. */
export function distance(metres: number, imperial: boolean): number {
  return round(metres / (imperial ? 1609.344 : 1000), 5)
}

const VALUES: Record<string, (totals: DayTotals, call: Call) => number> = {
  steps: ({ steps }) => steps,
  calories: ({ kilocalories }) => Math.round(kilocalories),
  distance: ({ metres }, { imperial }) => distance(metres, imperial),
  floors: ({ floors }) => floors,
  elevation: ({ floors }) => round(floors * METRES_PER_FLOOR, 3),
  minutesSedentary: ({ sedentary }) => sedentary,
  minutesLightlyActive: ({ light }) => light,
  minutesFairlyActive: ({ fair }) => fair,
  minutesVeryActive: ({ very }) => very,
}

/** A day on which the device lay in a drawer is "0" like one on which nobody moved: Fitbit does not tell them apart. */
export function activitySeries(call: Call): Answer {
  const resource = call.parameters.resource ?? ''
  const valueOf = VALUES[resource]!
  const days = askedDates(call, LONGEST_SERIES).map((date) => ({
    dateTime: date,
    value: String(valueOf(call.uploaded.totals(date), call)),
  }))
  return json(200, { [`activities-${resource}`]: days })
}

/** A day without a zone minute has no entry. */
export function activeZoneMinutes(call: Call): Answer {
  const days = askedDates(call, LONGEST_SERIES).flatMap((date) => {
    const { fatBurn, cardio, peak, total } = zoneMinutes(call.uploaded.totals(date))
    if (total === 0) return []
    const value = {
      activeZoneMinutes: total,
      ...(fatBurn > 0 ? { fatBurnActiveZoneMinutes: fatBurn } : {}),
      ...(cardio > 0 ? { cardioActiveZoneMinutes: cardio } : {}),
      ...(peak > 0 ? { peakActiveZoneMinutes: peak } : {}),
    }
    return [{ dateTime: date, value }]
  })
  return json(200, { 'activities-active-zone-minutes': days })
}

/** One day in one answer. `activities` stays empty: the person logs no exercise by name. */
export function daySummary(call: Call): Answer {
  const date = askedDate(call)
  const totals = call.uploaded.totals(date)
  const restingHeartRate = call.uploaded.restingHeartRate(date)
  const kilometres = distance(totals.metres, call.imperial)
  const caloriesBMR = Math.round(totals.elapsed * BASAL_KCAL)
  return json(200, {
    activities: [],
    goals: { activeMinutes: 30, caloriesOut: 2400, distance: 8, floors: 10, steps: 10_000 },
    summary: {
      activeScore: -1,
      activityCalories: Math.round(totals.kilocalories) - caloriesBMR,
      caloriesBMR,
      caloriesOut: Math.round(totals.kilocalories),
      distances: [
        { activity: 'total', distance: kilometres },
        { activity: 'tracker', distance: kilometres },
        { activity: 'loggedActivities', distance: 0 },
      ],
      elevation: round(totals.floors * METRES_PER_FLOOR, 2),
      fairlyActiveMinutes: totals.fair,
      floors: totals.floors,
      lightlyActiveMinutes: totals.light,
      marginalCalories: Math.round((totals.kilocalories - caloriesBMR) * 0.8),
      ...(restingHeartRate === undefined ? {} : { restingHeartRate }),
      sedentaryMinutes: totals.sedentary,
      steps: totals.steps,
      veryActiveMinutes: totals.very,
    },
  })
}
