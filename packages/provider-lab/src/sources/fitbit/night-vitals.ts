import { json } from '../../http/answer.ts'
import type { Answer } from '../../http/answer.ts'
import type { NightVitals } from '../../person/vitals.ts'
import { vo2Max } from '../../person/vitals.ts'
import { askedDates } from './date-range.ts'
import type { Call } from './routes.ts'

const A_MONTH = 30

/** One entry per night that was seen, on the day it ended; days without one have no entry. */
function nightly(
  call: Call,
  valueOf: (vitals: NightVitals) => unknown,
): { dateTime: string; value: unknown }[] {
  const { person } = call.uploaded
  return askedDates(call, A_MONTH)
    .filter((date) => call.uploaded.night(date))
    .map((date) => ({ dateTime: date, value: valueOf(person.vitals(date)) }))
}

export function heartRateVariability(call: Call): Answer {
  return json(200, { hrv: nightly(call, ({ hrv, hrvDeep }) => ({ dailyRmssd: hrv, deepRmssd: hrvDeep })) })
}

/** The one list of Fitbit's that has no name around it; and for a single date there is no list either. */
export function oxygenSaturation(call: Call): Answer {
  const days = nightly(call, ({ spo2 }) => ({ avg: spo2.avg, min: spo2.min, max: spo2.max }))
  return json(200, call.parameters.end === undefined ? (days[0] ?? {}) : days)
}

export function breathing(call: Call): Answer {
  return json(200, { br: nightly(call, ({ breathingRate }) => ({ breathingRate })) })
}

/** A range as text, since it is an estimate: `"43-47"`. */
export function cardioScore(call: Call): Answer {
  const { uploaded } = call
  const days = askedDates(call, A_MONTH)
    .filter((date) => uploaded.restingHeartRate(date) !== undefined)
    .map((date) => ({ dateTime: date, value: { vo2Max: `${vo2Max(date) - 2}-${vo2Max(date) + 2}` } }))
  return json(200, { cardioScore: days })
}
