import type { MarkedDays } from '../contract/engine.ts'
import type { Parts } from '../parts.ts'
import { readMetricForms } from './metric-forms.ts'
import { incompleteOf, readOpenDays } from './open-days.ts'
import { type DailyRange, daysInParts, readColumns } from './read-daily.ts'

type Needed = Pick<Parts, 'database' | 'registry' | 'clock'>

/** Every day of the range with its values, what these mean, and which of them are not final. */
export async function readMarkedDaily(parts: Needed, userId: string, range: DailyRange): Promise<MarkedDays> {
  const marked = await Array.fromAsync(readMarkedDailyInParts(parts, userId, range))
  return {
    days: marked.flatMap(({ days }) => days),
    metrics: marked[0]?.metrics ?? {},
    incomplete: marked.flatMap(({ incomplete }) => incomplete),
  }
}

/** The same, part by part; each part says of all metrics what their values mean. */
export async function* readMarkedDailyInParts(
  parts: Needed,
  userId: string,
  range: DailyRange,
): AsyncIterable<MarkedDays> {
  const { database, registry } = parts
  const [open, values, formOf] = await Promise.all([
    readOpenDays(parts, userId, range),
    readColumns(database, userId, range),
    database.asUser(userId, (db) => readMetricForms(db, registry, userId)),
  ])
  const names = range.metrics ?? values.map(({ name }) => name)
  const metrics = Object.fromEntries(
    names.flatMap((name) => {
      const form = formOf(name)
      return form ? [[name, form]] : []
    }),
  )
  for (const days of daysInParts(range, values)) yield { days, metrics, incomplete: incompleteOf(open, days) }
}
