import { meanTime } from '@tributary/engine/time-of-day'
import type { ValueForm } from './format-value.ts'

/** The mean of a metric's values, times of day on the clock; `null` where there is none. */
export function meanValue(values: number[], { type }: Pick<ValueForm, 'type'>): number | null {
  if (type === 'time') return meanTime(values)
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length
}
