import { addDays, isDay } from '../days.ts'

/** How much of the past a chart shows; each range has whole weeks, or the days of a long month. */
export const ranges = { week: 7, month: 31, year: 364 } as const
export type RangeName = keyof typeof ranges

/** What a chart shows: days, first and last included. */
export interface ChartRange {
  name: RangeName
  from: string
  to: string
}

/** Reads `?range=` and `?to=`; what makes no sense is this month. */
export function readRange(query: URLSearchParams, today: string): ChartRange {
  const wanted = query.get('range') ?? ''
  const name: RangeName = Object.hasOwn(ranges, wanted) ? (wanted as RangeName) : 'month'
  const day = query.get('to') ?? today
  const to = isDay(day) && day < today && day >= '1990-01-01' ? day : today
  return { name, from: addDays(to, 1 - ranges[name]), to }
}

/** The address of a metric's page; what is left out is this month. */
export function metricHref(metric: string, show: { range?: RangeName; to?: string | null } = {}): string {
  const query = new URLSearchParams({
    ...(show.range !== undefined && { range: show.range }),
    ...(show.to !== undefined && show.to !== null && { to: show.to }),
  })
  return `/metrics/${encodeURIComponent(metric)}${query.size > 0 ? `?${query}` : ''}`
}

/** The ends of the ranges before and after; `null`: there is none after, or it is the one that ends today. */
export function neighbours(
  { name, to }: ChartRange,
  today: string,
): { before: string; after: string | null } {
  const after = addDays(to, ranges[name])
  return { before: addDays(to, -ranges[name]), after: after < today ? after : null }
}
