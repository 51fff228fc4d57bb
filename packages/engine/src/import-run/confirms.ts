import type { Stream } from '@tributary/plugin-sdk'
import type { Staged } from './stage-records.ts'

/**
 * Whether a second answer bears a first one out: it has no less of any field. One that lacks something else than the first
 * did says nothing of what that one lacked; and one without any record says nothing where no schema declares that a page may
 * be empty.
 */
export function confirms(second: Staged, first: Staged, { schema }: Pick<Stream, 'schema'>): boolean {
  if (second.read === 0 && !schema) return false
  const found = countByField(second)
  return [...countByField(first)].every(([field, count]) => (found.get(field) ?? 0) >= count)
}

function countByField({ series, days, measurements }: Staged): Map<string, number> {
  const counts = new Map<string, number>()
  const add = (position: number) => {
    const { field } = series[position] ?? {}
    if (field !== undefined) counts.set(field, (counts.get(field) ?? 0) + 1)
  }
  for (const day of days) add(day.series)
  measurements.each(add)
  return counts
}
