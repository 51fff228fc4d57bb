import { dayStarts } from './day-starts.ts'
import type { StagedWindow } from './merge.ts'

/** The days of a window that have a value of their own. */
export function filledDays(
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
