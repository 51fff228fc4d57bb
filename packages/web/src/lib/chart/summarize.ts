import { placeNear } from '@tributary/engine/time-of-day'
import type { ValueForm } from '../values/format-value.ts'
import { meanValue } from '../values/mean-value.ts'
import { type DayValues, finalNumbers } from '../values/so-far.ts'

/** What the days of a range say together; a day without a value says nothing, and one that is not over nothing yet. */
export interface Summary {
  mean: number | null
  /** Of times of day the earliest and the latest: the night's begin before midnight and end after it. */
  lowest: { value: number; day: string } | null
  highest: { value: number; day: string } | null
  /** Days with a final number, of which mean, lowest and highest are. */
  counted: number
  /** Days whose value is not final. */
  soFar: number
  /** Days with a value and without. */
  with: number
  without: number
}

/** Sums up the values of days; of equal ones the newest is named. */
export function summarize(days: string[], of: DayValues, form: Pick<ValueForm, 'type'>): Summary {
  const { values, soFar } = of
  const present = values.filter((value) => value !== null).length
  const numbers = finalNumbers(of)
  const place = form.type === 'time' ? placeNear(numbers) : (value: number) => value
  let lowest: Summary['lowest'] = null
  let highest: Summary['highest'] = null
  for (const [index, value] of values.entries()) {
    const day = days[index]
    if (typeof value !== 'number' || soFar[index] || day === undefined) continue
    if (lowest === null || place(value) <= place(lowest.value)) lowest = { value, day }
    if (highest === null || place(value) >= place(highest.value)) highest = { value, day }
  }
  return {
    mean: meanValue(numbers, form),
    lowest,
    highest,
    counted: numbers.length,
    soFar: values.filter((value, index) => value !== null && soFar[index]).length,
    with: present,
    without: values.length - present,
  }
}
