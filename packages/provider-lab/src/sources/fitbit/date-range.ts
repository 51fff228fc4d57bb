import { addDays, countDays, eachDate, isDate } from '../../person/local-day.ts'
import { InvalidRequest } from './refusals.ts'
import type { Call } from './routes.ts'

/** Fitbit's names for a stretch of days that ends on the date before them in the path. */
const PERIODS: Record<string, Temporal.DurationLike> = {
  '1d': { days: 1 },
  '7d': { days: 7 },
  '30d': { days: 30 },
  '1w': { weeks: 1 },
  '1m': { months: 1 },
  '3m': { months: 3 },
  '6m': { months: 6 },
  '1y': { years: 1 },
}

/** The dates that `/date/{date}`, `/date/{date}/{period}` or `/date/{start}/{end}` asks for; at most `longest` of them. */
export function askedDates({ parameters, uploaded }: Call, longest: number): string[] {
  const first = readDate(parameters.date, uploaded.today)
  const second = parameters.end
  if (second === undefined) return [first]
  if (second in PERIODS) {
    const from = Temporal.PlainDate.from(first).subtract(PERIODS[second]!).add({ days: 1 })
    return [...eachDate(from.toString(), first)]
  }
  const end = readDate(second, uploaded.today)
  const days = countDays(first, end)
  if (days < 1) throw new InvalidRequest('endDate', `End date ${end} must not be before start date ${first}`)
  if (days > longest)
    throw new InvalidRequest(
      'date range',
      `The range must not exceed ${longest} days, ${days} were requested`,
    )
  return [...eachDate(first, end)]
}

/** The one date of a request that takes no range, `today` included. */
export function askedDate({ parameters, uploaded }: Call): string {
  return readDate(parameters.date, uploaded.today)
}

/** Intraday answers hold 24 hours: the second part of the path is `1d` or repeats the date. */
export function refuseMoreThanADay(call: Call): void {
  const { end } = call.parameters
  if (end === undefined || end === '1d') return
  const days = countDays(askedDate(call), readDate(end, call.uploaded.today))
  if (days !== 1) throw new InvalidRequest('date range', 'Time range should not be bigger than 24 hours')
}

/** The person's day of which `date` is the first of the last thirty. */
export function lastThirtyDays(date: string): string[] {
  return [...eachDate(addDays(date, -29), date)]
}

function readDate(text: string | undefined, today: string): string {
  if (text === 'today') return today
  if (text === undefined || !isDate(text)) throw new InvalidRequest('date', `Invalid date: ${text}`)
  return text
}
