import { sql } from 'kysely'
import type { Database } from '../database/database.ts'
import type { DailyValues } from '../contract/engine.ts'

export interface DailyRange {
  from: string
  to: string
  metrics?: string[]
}

/** How many days are made into objects at once: the rest of a long range waits as columns, which take a tenth of the room. */
const partDays = 400

/**
 * Every day of the range with its values, `null` where there is none; merged values name their source. Part by part, for
 * ranges and lists of metrics that are too large to be answered at once.
 */
export function* daysInParts(range: DailyRange, columns: Column[]): Iterable<DailyValues[]> {
  const names = range.metrics ?? columns.map(({ name }) => name)
  const empty: DailyValues['values'] = Object.fromEntries(names.map((name) => [name, null]))
  const dates = datesOf(range)
  const positions = columns.map(({ places }) => positionsOf(places, dates.length))
  for (let from = 0; from < dates.length; from += partDays) {
    const days = dates
      .slice(from, from + partDays)
      .map((date): DailyValues => ({ date, values: { ...empty } }))
    columns.forEach((column, at) => fillIn(days, column, positions[at]?.subarray(from, from + days.length)))
    yield days
  }
}

/** Where each day of the range stands in a column; -1 where it has no value. */
function positionsOf(places: number[], days: number): Int32Array {
  const positions = new Int32Array(days).fill(-1)
  places.forEach((place, at) => (positions[place] = at))
  return positions
}

function fillIn(days: DailyValues[], column: Column, positions: Int32Array = new Int32Array()): void {
  const { name, numbers, texts, sources } = column
  positions.forEach((at, index) => {
    const day = days[index]
    if (!day || at < 0) return
    day.values[name] = numbers[at] ?? texts?.[at] ?? null
    const source = sources?.[at]
    if (source) (day.sources ??= {})[name] = source
  })
}

/** The values of a metric: of how many days after the first each is, and whose, where it is merged. */
export interface Column {
  name: string
  places: number[]
  numbers: (number | null)[]
  texts: (string | null)[] | null
  sources: (string | null)[] | null
}

/** A row a metric: thousands of rows would take several times as long to come as their values do. */
export async function readColumns(
  database: Database,
  userId: string,
  { from, to, metrics }: DailyRange,
): Promise<Column[]> {
  const query = sql<Column>`
    select metric_name as name, array_to_json(array_agg(day - ${from}::date)) as places,
      array_to_json(array_agg(value)) as numbers,
      case when bool_or(text_value is not null) then array_to_json(array_agg(text_value)) end as texts,
      case when bool_or(basis = 'merged')
        then array_to_json(array_agg(case when basis = 'merged' then source end)) end as sources
    from daily_metric_values
    where user_id = ${userId} and day between ${from}::date and ${to}::date
      ${metrics ? sql`and metric_name = any(${metrics}::text[])` : sql``}
    group by metric_name
    order by metric_name`
  const { rows } = await database.asUser(userId, (db) => query.execute(db))
  return rows
}

function datesOf({ from, to }: DailyRange): string[] {
  const first = Temporal.PlainDate.from(from)
  const { days: last } = first.until(to)
  return Array.from({ length: last + 1 }, (_, days) => first.add({ days }).toString())
}
