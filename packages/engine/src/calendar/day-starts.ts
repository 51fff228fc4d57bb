import { addDays } from '../domain/clock.ts'

/** By so many days an instant's day in one zone of the world may differ from its day in another. */
export const zonesApart = 2

/** The beginning of a local day in milliseconds since 1970. */
export function startOfDay(day: string, zone: string): number {
  return Temporal.PlainDate.from(day).toZonedDateTime(zone).epochMilliseconds
}

/** From when to when the days of a range last, the end not included: 23 to 25 hours each where clocks change. */
export function instantsOf(
  { from, to }: { from: string; to: string },
  zone: string,
): { start: number; end: number } {
  return { start: startOfDay(from, zone), end: startOfDay(addDays(to, 1), zone) }
}

/** The days of some ranges, each once, with its beginning and its end. */
export function daysOfRanges(ranges: { from: string; to: string }[], zone: string): DayStart[] {
  const distinct = new Map(ranges.map((range) => [`${range.from} ${range.to}`, range]))
  const days = new Map<string, DayStart>()
  for (const range of distinct.values()) for (const day of dayStarts(range, zone)) days.set(day.day, day)
  return [...days.values()]
}

/** A local day: from when to when it lasts, in milliseconds since 1970, the end not included. */
interface DayStart {
  day: string
  start: number
  end: number
}

/** The days of a range, each with its beginning and its end. */
export function dayStarts({ from, to }: { from: string; to: string }, zone: string): DayStart[] {
  const days: DayStart[] = []
  let date = Temporal.PlainDate.from(from)
  const last = Temporal.PlainDate.from(to)
  let start = date.toZonedDateTime(zone).epochMilliseconds
  while (Temporal.PlainDate.compare(date, last) <= 0) {
    const next = date.add({ days: 1 })
    const end = next.toZonedDateTime(zone).epochMilliseconds
    days.push({ day: date.toString(), start, end })
    date = next
    start = end
  }
  return days
}
