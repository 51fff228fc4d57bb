/** A part of one of the person's days that a source can lack. `night` goes with what is measured in it. */
export type DayPart = 'night' | 'nap' | 'minutes' | 'weighing' | 'resting-heart-rate' | 'coding' | 'day'

/**
 * What becomes of a day's data at the sources after it was lived. Times are instants, ISO 8601.
 *
 * All of it is plain data, so that it can be posted as JSON too.
 */
export type Change = {
  /** The source that it befalls; all of them unless named. */
  readonly source?: string
  /** A day of the person's own zone. */
  readonly date: string
} & (Late | Later)

/** It reaches the source so many hours after it ended. */
interface Late {
  readonly late: DayPart
  readonly hours: number
}

/** What is otherwise from a moment on. */
type Later = { readonly at: string } & (
  | { readonly remove: DayPart }
  /** Minutes of the day from the first up to, not including, the second are gone, as if nothing had been worn. */
  | { readonly removeMinutes: readonly [number, number] }
  /** The day's workout of this index is gone, the first being 0; its steps stay. */
  | { readonly removeWorkout: number }
  /** Every minute's steps are multiplied. */
  | { readonly multiplySteps: number }
  /** The night was scored again, and ends so many minutes earlier. */
  | { readonly shortenNight: number }
  /** Kilograms. */
  | { readonly weight: number }
  /** Beats per minute. */
  | { readonly restingHeartRate: number }
  /** Every stretch of programming ends after this part of it, 0 to 1. */
  | { readonly multiplyCoding: number }
)

export function isLate(change: Change): change is Change & Late {
  return 'late' in change
}
