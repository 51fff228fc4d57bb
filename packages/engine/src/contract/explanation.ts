import type { FieldType } from '@tributary/plugin-sdk'
import type { Job, JobRejection } from './jobs.ts'
import type { DailyValue } from './daily-value.ts'
import type { CoverageState } from '../domain/states.ts'

/** What a daily value was made of. */
export type Basis = 'manual' | 'daily-record' | 'measurements' | 'merged'

/** What is known of a stream's day; `never-asked`: nothing. */
export type DayState = CoverageState | 'never-asked'

/** Where a daily value comes from, or why there is none. */
export interface Explanation {
  metric: string
  date: string
  /** The field's or entry's name; a kind's id. */
  name: string
  type: FieldType | 'yes-no'
  unit: string | null
  value: DailyValue
  /** `null`: there is no value. */
  basis: Basis | null
  /** The rule by which it was made, in sentences. */
  rule: string[]
  /** `null` where there is a value. */
  missing: Missing | null
  /** When it last became another value; `null` where there is none. */
  change: ValueChange | null
  /** For a kind: what each source says, in the order in which they are asked. */
  sources: KindSource[]
  /** What the field's value was made of; for a kind, that of the field which counts. */
  evidence: Evidence | null
}

export interface Missing {
  reason:
    | 'future'
    | 'not-entered'
    | 'split'
    | 'no-file'
    | 'not-connected'
    | 'stream-off'
    | 'not-granted'
    | 'failed'
    | 'never-asked'
    | 'not-due-yet'
    | 'had-none'
  sentence: string
}

export interface ValueChange {
  /** ISO 8601. */
  at: string
  from: DailyValue
  to: DailyValue
  job: JobOf | null
}

/** A job, as far as a value's explanation names it. */
export type JobOf = Pick<Job, 'id' | 'trigger' | 'status' | 'reason' | 'createdAt' | 'finishedAt'>

export interface KindSource {
  /** `pluginId.fieldId`. */
  metric: string
  source: string
  field: string
  value: DailyValue
  /** Whether the kind's value is this one. */
  counts: boolean
  /** Why it counts, or why it has no value. */
  sentence: string | null
}

/** What lies under one field's value of one day. */
export interface Evidence {
  /** `pluginId.fieldId`, or `manual.ID`. */
  metric: string
  /** `null` for what is entered by hand alone. */
  source: { id: string; name: string } | null
  /** How measurements become a day; `null` where the field has none. */
  day: { rule: string; belongsTo: 'start' | 'end'; zone: string } | null
  entry: { value: DailyValue; enteredAt: string } | null
  records: EvidenceRecord[]
  /** `null`: there is none. */
  measurements: MeasurementsOfDay | null
  /** The streams that bring the field, or the files that did. */
  streams: StreamOfDay[]
}

/** What the source itself says of the day. */
export interface EvidenceRecord {
  value: DailyValue
  dimension: string
  /** The device or app; empty where the source does not say. */
  origin: string
  /** The upload that it came with. */
  file: string | null
  counts: boolean
}

export interface MeasurementsOfDay {
  count: number
  /** By device or app; the first one counts. */
  origins: {
    origin: string
    file: string | null
    count: number
    /** ISO 8601: the beginning of the first and the end of the last. */
    first: string
    last: string
    /** What the rule makes of them. */
    value: number
    counts: boolean
  }[]
  /** Some of them, oldest first. */
  page: { start: string; end: string; value: number; origin: string }[]
  /** The `offset` of the following ones; `null`: there are none. */
  next: number | null
}

export interface StreamOfDay {
  id: string
  name: string
  enabled: boolean
  granted: boolean
  /** `null` for a file. */
  state: DayState | null
  /** The newest fetch of the day whose records are written; `null`: there is none. */
  fetch: FetchOfDay | null
}

export interface FetchOfDay {
  id: string
  from: string
  to: string
  /** The zone that its days were cut by. */
  zone: string | null
  /** Of the plugin's mapping that read it. */
  mappingVersion: number | null
  coveredAt: string
  /** Each is to be had at `/api/raw-pages/FETCH/PAGE`. */
  pages: { page: number; receivedAt: string }[]
  job: JobOf | null
  /** How many of its records and values were rejected, and some of them: those of the day first. */
  rejected: number
  rejections: Omit<JobRejection, 'stream'>[]
}

/** A source's answer as it came. */
export interface RawPage {
  body: Buffer
  /** `null`: it is no text. */
  text: 'json' | 'plain' | null
}
