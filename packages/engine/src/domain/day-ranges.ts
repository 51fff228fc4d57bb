import { addDays } from './clock.ts'

/** Local days, `YYYY-MM-DD`, both ends included. */
export interface DayRange {
  from: string
  to: string
}

/** Of ranges with the newest first so many days, the newest. */
export function newestDays(ranges: DayRange[], count: number): DayRange[] {
  const kept: DayRange[] = []
  let left = count
  for (const { from, to } of ranges) {
    if (left <= 0) break
    kept.push({ from: later(from, addDays(to, 1 - left)), to })
    left -= countDays([{ from, to }])
  }
  return kept
}

/**
 * Of ranges with the newest first so many days: the newest two thirds of them, and of what is older a further part at each
 * turn. Days that never come do not keep older ones from being asked.
 */
export function daysInTurn(ranges: DayRange[], count: number, turn: number): DayRange[] {
  const all = countDays(ranges)
  if (all <= count) return ranges
  const kept = Math.ceil((count * 2) / 3)
  const part = count - kept
  const before = kept + part * (turn % Math.ceil((all - kept) / part))
  return [...newestDays(ranges, kept), ...newestDays(withoutNewest(ranges, before), part)]
}

function countDays(ranges: DayRange[]): number {
  return ranges.reduce((sum, { from, to }) => sum + Temporal.PlainDate.from(from).until(to).days + 1, 0)
}

function withoutNewest(ranges: DayRange[], count: number): DayRange[] {
  const last = newestDays(ranges, count).at(-1)
  if (!last) return ranges
  return ranges.flatMap(({ from, to }) =>
    from < last.from ? [{ from, to: earlier(to, addDays(last.from, -1)) }] : [],
  )
}

/** The same days in as few ranges as there can be, the newest first. */
export function joinRanges(ranges: DayRange[]): DayRange[] {
  const joined: DayRange[] = []
  for (const range of ranges.toSorted((one, other) => (one.to < other.to ? 1 : -1))) {
    const last = joined.at(-1)
    if (last && range.to >= addDays(last.from, -1)) {
      if (range.from < last.from) last.from = range.from
    } else joined.push({ from: range.from, to: range.to })
  }
  return joined
}

export function later(one: string, other: string): string {
  return one > other ? one : other
}

export function earlier(one: string, other: string): string {
  return one < other ? one : other
}
