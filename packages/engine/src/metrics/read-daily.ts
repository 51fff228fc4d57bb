import type { DailyValues } from '../engine.ts'
import { addDays } from '../clock.ts'
import type { Database } from '../database/database.ts'

export interface DailyRange {
  from: string
  to: string
  metrics?: string[]
}

/** Every day of the range with its values, `null` where there is none; of merged ones it names the source. */
export async function readDaily(
  database: Database,
  userId: string,
  { from, to, metrics }: DailyRange,
): Promise<{ days: DailyValues[] }> {
  const rows = await database.asUser(userId, (db) => {
    let query = db
      .selectFrom('daily_metric_values')
      .select(['day', 'metric_name', 'source', 'value', 'text_value', 'basis'])
      .where('user_id', '=', userId)
      .where('day', '>=', from)
      .where('day', '<=', to)
    if (metrics) query = query.where('metric_name', 'in', metrics.length > 0 ? metrics : [''])
    return query.orderBy('metric_name').execute()
  })
  const names = metrics ?? [...new Set(rows.map((row) => row.metric_name))]
  const byDay = new Map<string, DailyValues>()
  for (let date = from; date <= to; date = addDays(date, 1)) {
    byDay.set(date, { date, values: Object.fromEntries(names.map((name) => [name, null])) })
  }
  for (const { day, metric_name, source, value, text_value, basis } of rows) {
    const found = byDay.get(day)
    if (!found) continue
    found.values[metric_name] = value ?? text_value
    if (basis === 'merged') found.sources = { ...found.sources, [metric_name]: source }
  }
  return { days: [...byDay.values()] }
}
