import { json } from '../../http/answer.ts'
import type { Answer } from '../../http/answer.ts'
import type { TrueMinutes } from '../../person/live-day.ts'
import { wallClock } from '../../person/local-day.ts'
import { metres } from '../../person/minute-effort.ts'
import { round } from '../../person/vitals.ts'
import { distance } from './activity.ts'
import { askedDate, refuseMoreThanADay } from './date-range.ts'
import { heartDay } from './heart.ts'
import { InvalidRequest } from './refusals.ts'
import type { Call } from './routes.ts'

interface Point {
  readonly time: string
  readonly value: number
}

/** Steps, distance or floors through one day: an entry for every interval up to the upload, 0 included. */
export function activityIntraday(call: Call): Answer {
  refuseMoreThanADay(call)
  const date = askedDate(call)
  const resource = call.parameters.resource ?? ''
  const valueAt = VALUES[resource]!
  const day = call.uploaded.minutes(date)
  const points = gather(call, date, day, (indexes) =>
    indexes.reduce((sum, index) => sum + valueAt(day!, index, call), 0),
  )
  const dataset = points.map(({ time, value }) => ({ time, value: round(value, 5) }))
  const total = round(
    dataset.reduce((sum, { value }) => sum + value, 0),
    5,
  )
  return json(200, {
    [`activities-${resource}`]: [{ dateTime: date, value: String(total) }],
    [`activities-${resource}-intraday`]: { dataset, ...interval(call) },
  })
}

/** Heart rate through one day; an interval without a heart rate has no entry. */
export function heartIntraday(call: Call): Answer {
  refuseMoreThanADay(call)
  const date = askedDate(call)
  const day = call.uploaded.minutes(date)
  const dataset = gather(call, date, day, (indexes) => {
    const rates = indexes.map((index) => day!.heart[index]!).filter((rate) => rate > 0)
    return rates.length === 0
      ? undefined
      : Math.round(rates.reduce((sum, rate) => sum + rate, 0) / rates.length)
  })
  return json(200, {
    'activities-heart': [heartDay(call, date)],
    'activities-heart-intraday': { dataset, ...interval(call) },
  })
}

const VALUES: Record<string, (day: TrueMinutes, index: number, call: Call) => number> = {
  steps: ({ steps }, index) => steps[index]!,
  distance: ({ steps }, index, { imperial }) => distance(metres(steps[index]!), imperial),
  floors: ({ floors }, index) => floors[index]!,
}

/**
 * The day's minutes in intervals, each under the wall-clock time at which it begins.
 *
 * There is no zone and no date on them: in the night the clock is put back, an hour of times comes twice.
 */
function gather(
  call: Call,
  date: string,
  day: TrueMinutes | undefined,
  valueOf: (indexes: readonly number[]) => number | undefined,
): Point[] {
  const { zone } = call.uploaded.person
  const { from, to } = timeWindow(call)
  const step = minutesPerPoint(call)
  const points: Point[] = []
  for (let index = 0; day && index < day.steps.length; index += step) {
    const time = wallClock(day.start + index, zone)
      .toPlainTime()
      .toString({ smallestUnit: 'second' })
    if (time < from || time > to) continue
    const length = Math.min(step, day.steps.length - index)
    const value = valueOf(Array.from({ length }, (_, offset) => index + offset))
    if (value !== undefined) points.push({ time, value })
  }
  return points
}

function timeWindow({ parameters }: Call): { from: string; to: string } {
  const { from = '00:00', to = '23:59' } = parameters
  for (const time of [from, to]) {
    if (!/^([01]\d|2[0-3]):[0-5]\d$/.test(time)) throw new InvalidRequest('time', `Invalid time: ${time}`)
  }
  if (to < from) throw new InvalidRequest('time', `End time ${to} must not be before start time ${from}`)
  return { from: `${from}:00`, to: `${to}:00` }
}

function minutesPerPoint({ parameters }: Call): number {
  return parameters.detail === '1sec' ? 1 : Number.parseInt(parameters.detail ?? '1', 10)
}

function interval(call: Call): { datasetInterval: number; datasetType: string } {
  const bySecond = call.parameters.detail === '1sec'
  return { datasetInterval: minutesPerPoint(call), datasetType: bySecond ? 'second' : 'minute' }
}
