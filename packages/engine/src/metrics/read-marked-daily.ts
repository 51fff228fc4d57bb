import type { MarkedDays } from '../engine.ts'
import type { Parts } from '../parts.ts'
import { incompleteOf, readOpenDays } from './open-days.ts'
import { type DailyRange, readDailyInParts } from './read-daily.ts'

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
  const open = await readOpenDays(parts, userId, range)
  for await (const days of readDailyInParts(parts.database, userId, range))
    yield { days, incomplete: incompleteOf(open, days) }
}
