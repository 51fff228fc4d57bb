import type { Generated, JSONColumnType } from 'kysely'
import type { Remap, RemapPreview } from '../../contract/remaps.ts'
import type { DefaultTimestamp, NullableTimestamp, Timestamp } from './columns.ts'

/** Remaps and the differences that they found. */
export interface RemapsSchema {
  remaps: {
    id: Generated<string>
    user_id: string
    connection_id: string
    source_id: string
    account_id: string
    status: Remap['status']
    because: Remap['because']
    mapping_version: number
    preview: JSONColumnType<RemapPreview, string | undefined, string> | null
    lease_until: NullableTimestamp
    created_at: DefaultTimestamp
    finished_at: NullableTimestamp
  }
  remap_windows: {
    remap_id: string
    number: number
    stream: string
    data_type: string
    from_day: string
    to_day: string
    fetch_id: string
    zone: string
    hours_only: boolean
    state: Generated<'planned' | 'compared' | 'unreadable'>
    filled: Generated<string[]>
    unsettled: Generated<string[]>
    too_many_rejected: Generated<boolean>
  }
  remap_days: {
    remap_id: string
    number: number
    series_id: number
    day: string
    value: number | null
    text_value: string | null
    action: string
  }
  remap_measurements: {
    remap_id: string
    number: number
    series_id: number
    start_at: Timestamp
    end_at: NullableTimestamp
    value: number | null
    action: string
  }
}
