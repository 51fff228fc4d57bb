import type { DailyValue } from '@tributary/engine'

const fewest = 3

/** The mean of those days that have a number; `null` where they are too few to say anything. */
export function average(values: DailyValue[]): { mean: number; count: number } | null {
  const numbers = values.filter((value) => typeof value === 'number')
  if (numbers.length < fewest) return null
  return { mean: numbers.reduce((sum, value) => sum + value, 0) / numbers.length, count: numbers.length }
}
