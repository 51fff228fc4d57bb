import type { DailyValue } from '@tributary/engine'
import { mean, numbersOf } from './slots.ts'

/** What the days of a range say together; a day without a value says nothing. */
export interface Summary {
  mean: number | null
  lowest: { value: number; day: string } | null
  highest: { value: number; day: string } | null
  /** Days with a value and without. */
  with: number
  without: number
}

/** Sums up the values of days; of equal ones the newest is named. */
export function summarize(days: string[], values: DailyValue[]): Summary {
  const present = values.filter((value) => value !== null).length
  let lowest: Summary['lowest'] = null
  let highest: Summary['highest'] = null
  for (const [index, value] of values.entries()) {
    const day = days[index]
    if (typeof value !== 'number' || day === undefined) continue
    if (lowest === null || value <= lowest.value) lowest = { value, day }
    if (highest === null || value >= highest.value) highest = { value, day }
  }
  return {
    mean: mean(numbersOf(values)),
    lowest,
    highest,
    with: present,
    without: values.length - present,
  }
}
