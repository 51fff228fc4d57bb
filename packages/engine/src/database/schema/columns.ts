import type { ColumnType } from 'kysely'

/** Read as an instant, written as ISO 8601. */
export type Timestamp = ColumnType<Temporal.Instant, string, string>
export type NullableTimestamp = ColumnType<Temporal.Instant | null, string | null | undefined, string | null>
export type DefaultTimestamp = ColumnType<Temporal.Instant, string | undefined, string>
