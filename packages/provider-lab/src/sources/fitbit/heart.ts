import { json } from '../../http/answer.ts'
import type { Answer } from '../../http/answer.ts'
import { HEART_ZONES } from '../../person/minute-effort.ts'
import { round } from '../../person/vitals.ts'
import { askedDates } from './date-range.ts'
import type { Call } from './routes.ts'

const A_YEAR = 366

/** Resting heart rate and time in zones by day. */
export function heartSeries(call: Call): Answer {
  return json(200, { 'activities-heart': askedDates(call, A_YEAR).map((date) => heartDay(call, date)) })
}

/** A day without a heart rate is there all the same: its zones are bare, and `restingHeartRate` is missing. */
export function heartDay({ uploaded }: Call, date: string): unknown {
  const { zones, heart } = uploaded.totals(date)
  const heartRateZones = HEART_ZONES.map(({ name, min, max }, index) => {
    const zone = zones[index]!
    return heart.minutes === 0
      ? { max, min, name }
      : { caloriesOut: round(zone.kilocalories, 5), max, min, minutes: zone.minutes, name }
  })
  const restingHeartRate = uploaded.restingHeartRate(date)
  return {
    dateTime: date,
    value: {
      customHeartRateZones: [],
      heartRateZones,
      ...(restingHeartRate === undefined ? {} : { restingHeartRate }),
    },
  }
}
