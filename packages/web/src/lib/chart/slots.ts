import type { ValueForm } from '../values/format-value.ts'
import { meanValue } from '../values/mean-value.ts'
import { type DayValues, finalNumbers } from '../values/so-far.ts'

/** A stretch of the axis: a day, or a week whose value is the mean of its days. */
export interface Slot {
  from: string
  to: string
}

/** The value of a slot. */
export interface SlotValue {
  /** Of a day its value, of a week the mean of the days with a final value; `null`: there is none. */
  value: number | null
  /** How many days it is made of. */
  days: number
  /** It is a day's, and not final. */
  soFar: boolean
}

/** Of a slot without one. */
export const noValue: SlotValue = { value: null, days: 0, soFar: false }

/** Cuts days into slots: weeks where they are many. */
export function cutSlots(days: string[]): Slot[] {
  return chunks(days, slotLength(days.length)).map((chunk) => ({
    from: chunk[0] ?? '',
    to: chunk.at(-1) ?? '',
  }))
}

/** The values of slots. */
export function slotValues({ values, soFar }: DayValues, form: Pick<ValueForm, 'type'>): SlotValue[] {
  const length = slotLength(values.length)
  const flags = chunks(soFar, length)
  return chunks(values, length).map((chunk, index) => {
    const [first] = chunk
    if (length === 1) {
      const value = typeof first === 'number' ? first : null
      return { value, days: value === null ? 0 : 1, soFar: value !== null && soFar[index] === true }
    }
    const numbers = finalNumbers({ values: chunk, soFar: flags[index] ?? [] })
    return { value: meanValue(numbers, form), days: numbers.length, soFar: false }
  })
}

function slotLength(days: number): number {
  return days > 62 ? 7 : 1
}

function chunks<Item>(items: Item[], length: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / length) }, (_, index) =>
    items.slice(index * length, (index + 1) * length),
  )
}
