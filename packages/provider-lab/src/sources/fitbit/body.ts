import { json } from '../../http/answer.ts'
import type { Answer } from '../../http/answer.ts'
import { wallClock } from '../../person/local-day.ts'
import { round } from '../../person/vitals.ts'
import { askedDates } from './date-range.ts'
import type { Call } from './routes.ts'

const A_MONTH = 31
const POUNDS_PER_KILOGRAM = 2.20462

/** What the scale logged: `weight` with `bmi`, or `fat` alone. */
export function bodyLog(call: Call): Answer {
  const { uploaded, imperial } = call
  const { zone, height } = uploaded.person
  const resource = call.parameters.resource ?? ''
  const logs = askedDates(call, A_MONTH).flatMap((date) => {
    const weighIn = uploaded.weighIn(date)
    if (!weighIn) return []
    const log = {
      date,
      fat: weighIn.fat,
      logId: weighIn.minute * 60_000,
      source: 'Aria',
      time: wallClock(weighIn.minute, zone).toPlainTime().toString({ smallestUnit: 'second' }),
    }
    if (resource === 'fat') return [log]
    const bmi = round(weighIn.weight / (height / 100) ** 2, 2)
    const weight = imperial ? round(weighIn.weight * POUNDS_PER_KILOGRAM, 1) : weighIn.weight
    return [{ bmi, ...log, weight }]
  })
  return json(200, { [resource]: logs })
}
