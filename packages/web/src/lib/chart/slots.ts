import type { DailyValue } from '@tributary/engine'

/** A stretch of the axis: a day, or a week whose value is the mean of its days. */
export interface Slot {
  from: string
  to: string
}

/** Cuts days into slots: weeks where they are many. */
export function cutSlots(days: string[]): Slot[] {
  const length = slotLength(days.length)
  return chunks(days, length).map((chunk) => ({ from: chunk[0] ?? '', to: chunk.at(-1) ?? '' }))
}

/** The values of slots: of a week the mean of those days that have one; `null` where none has. */
export function slotValues(values: DailyValue[]): (number | null)[] {
  return chunks(values, slotLength(values.length)).map((chunk) => mean(numbersOf(chunk)))
}

/** How many days of each slot have a value. */
export function slotCounts(values: DailyValue[]): number[] {
  return chunks(values, slotLength(values.length)).map((chunk) => numbersOf(chunk).length)
}

/** The numbers among values. */
export function numbersOf(values: DailyValue[]): number[] {
  return values.filter((value) => typeof value === 'number')
}

/** The mean of numbers; `null` where there is none. */
export function mean(numbers: number[]): number | null {
  return numbers.length === 0 ? null : numbers.reduce((sum, value) => sum + value, 0) / numbers.length
}

function slotLength(days: number): number {
  return days > 62 ? 7 : 1
}

function chunks<Item>(items: Item[], length: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / length) }, (_, index) =>
    items.slice(index * length, (index + 1) * length),
  )
}
