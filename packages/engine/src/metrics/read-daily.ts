import { sql } from 'kysely'
import type { Database, Transaction } from '../database/database.ts'
import type { DailyValues } from '../engine.ts'

export interface DailyRange {
  from: string
  to: string
  metrics?: string[]
}

/** Every day of the range with its values, `null` where there is none; of merged ones it names the source. */
export async function readDaily(
  database: Database,
  userId: string,
  range: DailyRange,
): Promise<{ days: DailyValues[] }> {
  const columns = await database.asUser(userId, (db) => readColumns(db, userId, range))
  const names = range.metrics ?? columns.map(({ name }) => name)
  const empty: DailyValues['values'] = Object.fromEntries(names.map((name) => [name, null]))
  const days = datesOf(range).map((date): DailyValues => ({ date, values: { ...empty } }))
  for (const { name, places, numbers, texts, sources } of columns) {
    places.forEach((place, at) => {
      const day = days[place]
      if (!day) return
      day.values[name] = numbers[at] ?? texts?.[at] ?? null
      const source = sources?.[at]
      if (source) (day.sources ??= {})[name] = source
    })
  }
  return { days }
}

/** The values of a metric: of how many days after the first each is, and whose, where it is merged. */
interface Column {
  name: string
  places: number[]
  numbers: (number | null)[]
  texts: (string | null)[] | null
  sources: (string | null)[] | null
}

/** A row a metric: thousands of rows would take several times as long to come as their values do. */
async function readColumns(
  db: Transaction,
  userId: string,
  { from, to, metrics }: DailyRange,
): Promise<Column[]> {
  const { rows } = await sql<Column>`
    select metric_name as name, array_to_json(array_agg(day - ${from}::date)) as places,
      array_to_json(array_agg(value)) as numbers,
      case when bool_or(text_value is not null) then array_to_json(array_agg(text_value)) end as texts,
      case when bool_or(basis = 'merged')
        then array_to_json(array_agg(case when basis = 'merged' then source end)) end as sources
    from daily_metric_values
    where user_id = ${userId} and day between ${from}::date and ${to}::date
      ${metrics ? sql`and metric_name = any(${metrics}::text[])` : sql``}
    group by metric_name
    order by metric_name`.execute(db)
  return rows
}

function datesOf({ from, to }: DailyRange): string[] {
  const first = Temporal.PlainDate.from(from)
  const { days: last } = first.until(to)
  return Array.from({ length: last + 1 }, (_, days) => first.add({ days }).toString())
}
