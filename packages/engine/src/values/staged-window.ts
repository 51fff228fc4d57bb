import type { Field } from '@tributary/plugin-sdk'
import type { Staged } from './stage-records.ts'

/** One window's records, and the part of the stored ones that they speak of: what is missing in it is gone at the source. */
export interface StagedWindow {
  fields: Record<string, Field>
  from: string
  to: string
  staged: Staged
  /** A second answer lacks the same values, so that they may be removed. */
  confirmed: boolean
}

/** What a comparison found in one series of a window. */
export interface Difference {
  window: number
  seriesId: number
  action: 'new' | 'changed' | 'removed'
  count: number
}

/** A series within a window: what is compared. */
export interface Slice {
  seriesId: number
  window: number
  from: string
  to: string
  /** Milliseconds since 1970, the end not included. */
  start: number
  end: number
  measured: boolean
  /** Its measurements belong to the day that they end in. */
  byEnd: boolean
  /** Where nothing is taken away: records that could not be read may be those that seem gone. Milliseconds since 1970. */
  keeps: { start: number; end: number }[]
}

/** The id of a series by its window and its position there. */
export type IdOf = (window: number, series: number) => number
