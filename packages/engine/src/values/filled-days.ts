import { dayStarts } from '../calendar/day-starts.ts'
import { tooManyRejected } from './too-many-rejected.ts'
import type { StagedWindow } from './staged-window.ts'

/** The days of a window of which the source has something: those with a value, or with a rejected record. */
export function filledDays(
  window: Pick<StagedWindow, 'staged' | 'from' | 'to' | 'fields'>,
  zone: string,
): string[] {
  const { staged, from, to } = window
  const { unreadableDays, implausibleDays } = staged
  // Where much could not be read, its days have failed and are asked again.
  const unreadable = tooManyRejected(staged) || unreadableDays === 'all' ? [] : unreadableDays
  const asked = [...unreadable, ...implausibleDays].filter((day) => day >= from && day <= to)
  return [...new Set([...valuedDays(window, zone), ...asked])]
}

function valuedDays(
  { staged, from, to, fields }: Pick<StagedWindow, 'staged' | 'from' | 'to' | 'fields'>,
  zone: string,
): string[] {
  const filled = new Set(staged.days.map(({ day }) => day))
  if (staged.measurements.length === 0) return [...filled]
  const days = dayStarts({ from, to }, zone)
  const byEnd = staged.series.map(({ field }) => fields[field]?.belongsTo === 'end')
  let last: (typeof days)[number] | undefined
  staged.measurements.each((series, start, end) => {
    const instant = byEnd[series] ? end : start
    if (last && instant >= last.start && instant < last.end) return
    last = days.find((day) => instant >= day.start && instant < day.end)
    if (last) filled.add(last.day)
  })
  return [...filled]
}
