import type { ChangeCause } from '../domain/change-cause.ts'
import type { DailyValue } from './daily-value.ts'

/** A daily value that became another one, went, or came back. A value that never was there before is no change. */
export interface MetricChange {
  /** A source's field, `pluginId.fieldId`, a kind, `metric.KIND`, or what is entered by hand, `manual.ID`. */
  metric: string
  date: string
  /** `null`: it had been deleted. */
  before: DailyValue
  /** `null`: it was deleted. */
  after: DailyValue
  cause: ChangeCause
  /** The job that made the change, `null` where none did. */
  jobId: string | null
  /** When it was made: never before the change that stands before it in the list. */
  at: string
}

export interface ChangeList {
  /** Only changes of this moment, ISO 8601, and later ones. */
  since?: string | undefined
  metric?: string | undefined
  /** Only those after this place: the `next` of the list before. */
  after?: string | null | undefined
  /** At most so many; default 200. */
  limit?: number | undefined
}
