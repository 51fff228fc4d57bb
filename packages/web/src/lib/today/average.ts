import type { ValueForm } from '../values/format-value.ts'
import { meanValue } from '../values/mean-value.ts'
import { type DayValues, finalNumbers } from '../values/so-far.ts'

const fewest = 3

/** The mean of the days with a final number; `null` where they are too few to say anything. */
export function average(metric: DayValues & Pick<ValueForm, 'type'>): { mean: number; count: number } | null {
  const numbers = finalNumbers(metric)
  const mean = numbers.length < fewest ? null : meanValue(numbers, metric)
  return mean === null ? null : { mean, count: numbers.length }
}
