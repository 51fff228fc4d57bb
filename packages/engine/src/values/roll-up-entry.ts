import { sql } from 'kysely'
import type { Transaction } from '../database/database.ts'
import { recordChanges } from './record-changes.ts'
import { rollUp } from './roll-up.ts'
import {
  type ChangesOfMetric,
  type DailyChange,
  dailyColumns,
  selectChanges,
  toChanges,
  writeDifferences,
} from './write-differences.ts'

/** Recomputes one day of one metric after an entry by hand: that of a template alone, or of a source's field. */
export async function rollUpEntry(
  db: Transaction,
  userId: string,
  metric: string,
  day: string,
): Promise<DailyChange[]> {
  const by = { userId, cause: 'manual' } as const
  const [owner = '', field = ''] = metric.split('.')
  if (owner !== 'manual') {
    const { time_zone: zone } = await db.selectFrom('users').select('time_zone').executeTakeFirstOrThrow()
    return rollUp(db, { ...by, sourceId: owner, zone, slices: [{ fields: [field], from: day, to: day }] })
  }
  const ofEntry = sql`user_id = ${userId} and metric_name = ${metric} and day = ${day}`
  const { rows } = await sql<ChangesOfMetric>`
    with wanted as (
      select metric_name, day, 'manual' as source, value, text_value, 'manual' as basis from manual_entries where ${ofEntry}
    ), stored as (
      select ${dailyColumns} from daily_metric_values d where ${ofEntry}
    ), ${writeDifferences(by)}
    ${selectChanges(by)}`.execute(db)
  const changes = toChanges(rows, by)
  await recordChanges(db, by, changes)
  return changes
}
