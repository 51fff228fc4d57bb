import type { MarkedDays } from '../contract/engine.ts'
import type { Parts } from '../parts.ts'
import { incompleteOf, readOpenDays } from './open-days.ts'
import { type DailyRange, daysInParts, readColumns } from './read-daily.ts'

type Needed = Pick<Parts, 'database' | 'registry' | 'clock'>

/** Every day of the range with its values, and which of them are not final. */
export async function readMarkedDaily(parts: Needed, userId: string, range: DailyRange): Promise<MarkedDays> {
  const marked = await Array.fromAsync(readMarkedDailyInParts(parts, userId, range))
  return {
    days: marked.flatMap(({ days }) => days),
    incomplete: marked.flatMap(({ incomplete }) => incomplete),
  }
}

/** The same, part by part. */
export async function* readMarkedDailyInParts(
  parts: Needed,
  userId: string,
  range: DailyRange,
): AsyncIterable<MarkedDays> {
  const [open, values] = await Promise.all([
    readOpenDays(parts, userId, range),
    readColumns(parts.database, userId, range),
  ])
  for (const days of daysInParts(range, values)) yield { days, incomplete: incompleteOf(open, days) }
}
