import { addDays } from '../clock.ts'
import type { DayRange } from '../import-run/plan-windows.ts'

/** Of ranges with the newest first so many days, the newest. */
export function newestDays(ranges: DayRange[], count: number): DayRange[] {
  const kept: DayRange[] = []
  let left = count
  for (const { from, to } of ranges) {
    if (left <= 0) break
    kept.push({ from: later(from, addDays(to, 1 - left)), to })
    left -= Temporal.PlainDate.from(from).until(to).days + 1
  }
  return kept
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
