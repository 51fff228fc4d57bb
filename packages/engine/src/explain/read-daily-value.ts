import { sql } from 'kysely'
import type { Transaction } from '../database/database.ts'
import type { Basis, DailyValue, ValueChange } from '../contract/engine.ts'
import { type JobRow, jobColumns, toJobOf } from './job-of.ts'

export interface StoredValue {
  value: DailyValue
  basis: Basis
  /** The source that it is of, or whose value a kind took. */
  source: string
  change: ValueChange
}

/** A daily value as it is stored, and its last change; `undefined` where there is none. */
export async function readDailyValue(
  db: Transaction,
  userId: string,
  metric: string,
  day: string,
): Promise<StoredValue | undefined> {
  const { rows } = await sql<Row>`
    select d.value, d.text_value, d.basis, d.source, d.changed_at, previous.*, ${jobColumns}
    from daily_metric_values d left join import_jobs j on j.id = d.job_id
    left join lateral (
      select before_value, before_text from value_changes c
      where c.user_id = ${userId} and c.metric_name = ${metric} and c.day = ${day} order by id desc limit 1
    ) as previous on true
    where d.user_id = ${userId} and d.metric_name = ${metric} and d.day = ${day}`.execute(db)
  const [row] = rows
  if (!row) return undefined
  const value = row.value ?? row.text_value
  return {
    value,
    basis: row.basis,
    source: row.source,
    change: {
      at: row.changed_at.toString(),
      from: row.before_value ?? row.before_text,
      to: value,
      job: toJobOf(row),
    },
  }
}

interface Row extends JobRow {
  value: number | null
  text_value: string | null
  basis: Basis
  source: string
  changed_at: Temporal.Instant
  before_value: number | null
  before_text: string | null
}
