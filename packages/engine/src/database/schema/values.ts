import type { Generated, JSONColumnType } from 'kysely'
import type { Metric } from '../../contract/engine.ts'
import type { ChangeCause } from '../../domain/change-cause.ts'
import type { DefaultTimestamp, Timestamp } from './columns.ts'

/** Series, values, entries by hand and templates. */
export interface ValuesSchema {
  series: {
    id: Generated<number>
    user_id: string
    source_id: string
    account_id: string
    field: string
    dimension: Generated<string>
    origin: Generated<string>
    layer: Generated<number>
  }
  measurements: { series_id: number; start_at: Timestamp; end_at: Timestamp; value: number }
  daily_records: { series_id: number; day: string; value: number | null; text_value: string | null }
  manual_entries: {
    user_id: string
    metric_name: string
    day: string
    value: number | null
    text_value: string | null
    entered_at: DefaultTimestamp
  }
  metric_templates: {
    id: Generated<string>
    user_id: string
    name: string
    position: number
    chosen: Generated<boolean>
    metrics: JSONColumnType<Metric[], string, string>
    created_at: DefaultTimestamp
    updated_at: DefaultTimestamp
  }
  daily_metric_values: {
    user_id: string
    day: string
    metric_name: string
    source: string
    value: number | null
    text_value: string | null
    basis: string
    changed_at: DefaultTimestamp
    job_id: string | null
  }
  value_changes: {
    id: Generated<string>
    user_id: string
    metric_name: string
    day: string
    before_value: number | null
    before_text: string | null
    after_value: number | null
    after_text: string | null
    before_source: string | null
    after_source: string | null
    cause: ChangeCause
    job_id: string | null
    at: Timestamp
  }
}
