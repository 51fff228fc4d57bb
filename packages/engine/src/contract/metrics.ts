import type {
  DailyValue,
  DailyValues,
  Explanation,
  IncompleteValue,
  MetricChange,
  MetricForm,
  Succession,
} from '@tributary/api'
import type { RawPage } from './explanation.ts'
import type { ChangeList } from './value-changes.ts'

export type { DailyValues, IncompleteValue, MetricForm }

/** Days with their values, what these mean, and which of them are not final. */
export interface MarkedDays {
  days: DailyValues[]
  metrics: Record<string, MetricForm>
  incomplete: IncompleteValue[]
}

export interface Metrics {
  /** Every day of the range, oldest first. `metrics`: names such as `pluginId.fieldId`; default: all that have values. */
  daily(userId: string, range: { from: string; to: string; metrics?: string[] }): Promise<MarkedDays>
  /** As `daily`, part by part, so that a long answer needs little memory. */
  dailyInParts(
    userId: string,
    range: { from: string; to: string; metrics?: string[] },
  ): AsyncIterable<MarkedDays>
  /**
   * How the sources of a kind follow each other and how far they agree on the days of a range whose values are final.
   * `metric`: `metric.KIND`. Throws `Problem` 404.
   */
  compare(userId: string, range: { metric: string; from: string; to: string }): Promise<Succession>
  /** The days on which a field that is split has values, with each part's: `{ date, values: { tributary: 3600 } }`. */
  split(
    userId: string,
    range: { metric: string; from: string; to: string },
  ): Promise<{ days: { date: string; values: Record<string, DailyValue> }[]; incomplete: IncompleteValue[] }>
  /** What became of daily values since they were first there, the oldest change first. */
  changes(userId: string, options?: ChangeList): Promise<{ changes: MetricChange[]; next: string | null }>
  /**
   * Enters a value by hand, or takes it back (`null`). `metric`: `manual.ID` of a template's metric, or a source's field,
   * whose own value it then goes before. Values as stored; yes-no: 1 or 0. Throws `Problem` 422.
   */
  enter(userId: string, entry: { metric: string; date: string; value: number | string | null }): Promise<void>
  /**
   * Asks for the import of a day that somebody looks at, where it was never asked for and lies within the depth: one job
   * per connection. Gives the ids of the plugins whose values are on their way.
   */
  look(userId: string, date: string): Promise<string[]>
  /**
   * Where a value of a day comes from, down to the answers of its source, or why there is none. `offset`: where the page of
   * measurements begins. Throws `Problem` 404 `unknown-metric`.
   */
  explain(
    userId: string,
    question: { metric: string; date: string; offset?: number | undefined },
  ): Promise<Explanation>
  /** An answer of a source as it came. Throws `Problem` 404 `unknown-page`, also for another user's. */
  rawPage(userId: string, page: { fetch: string; page: number }): Promise<RawPage>
}
