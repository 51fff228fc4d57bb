/** A mapped value: its stored form (see `FieldType`), or `HH:MM` for a `time`. `null` and `undefined` mean that there is none. */
export type FieldValue = number | string | null | undefined

/** What a source itself says of a civil day; never shifted by a zone. */
export interface DailyRecord {
  /** `YYYY-MM-DD`, the day as the source cut it. */
  date: string
  fields: Record<string, FieldValue>
  /**
   * The source has not finished this day, so that it is fetched again; its fields are stored as far as they are known. 72 hours
   * after its end the day is closed and counts with what it has.
   */
  unsettled?: boolean
  /** A project, a language, …; usually none. */
  dimension?: string
  /** The device or app that it comes from. */
  origin?: string
}

/** A value at an instant, or over an interval. */
export interface Measurement {
  field: string
  /** ISO 8601 with offset, or milliseconds since 1970. */
  start: string | number
  /** Left out for an instant. */
  end?: string | number
  value: number | string
  origin?: string
  dimension?: string
}

export type MappedRecord = DailyRecord | Measurement

export function isDailyRecord(record: MappedRecord): record is DailyRecord {
  return 'date' in record
}

/**
 * A record that the mapping could not read. It is counted and listed with its reason, and the other records of its window
 * are stored. No stored value of its days is deleted, because it may be the one that seems to be gone.
 */
export interface RejectedRecord {
  /** Why, in a few words, e.g. `weightGrams: expected number, received string`. */
  rejected: string
  /** The record as the source sent it. */
  record: unknown
  /** Local days that it belongs to, `YYYY-MM-DD`; left out where they are unknown, which protects the whole window. */
  dates?: string[]
}

export function isRejected(record: unknown): record is RejectedRecord {
  return typeof record === 'object' && record !== null && 'rejected' in record
}
