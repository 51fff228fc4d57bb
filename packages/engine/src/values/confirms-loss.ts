import type { Stream } from '@tributary/plugin-sdk'
import type { Staged } from './stage-records.ts'

/**
 * Whether a second answer confirms what a first one lacks: it has every value that the first one has, by field and day or start.
 * Two answers that lack different values confirm nothing, and neither does one without any record where no schema declares that a page may
 * be empty.
 */
export function confirms(second: Staged, first: Staged, { schema }: Pick<Stream, 'schema'>): boolean {
  if (second.read === 0 && !schema) return false
  const found = timesByField(second)
  return [...timesByField(first)].every(([field, times]) => found.get(field)?.isSupersetOf(times))
}

/** The days, and the starts of measurements, of which an answer has a value of each field. */
function timesByField({ series, days, measurements }: Staged): Map<string, Set<string | number>> {
  const times = new Map<string, Set<string | number>>()
  const add = (position: number, time: string | number) => {
    const { field } = series[position] ?? {}
    if (field === undefined) return
    const known = times.get(field)
    if (known) known.add(time)
    else times.set(field, new Set([time]))
  }
  for (const { series: position, day } of days) add(position, day)
  measurements.each(add)
  return times
}
