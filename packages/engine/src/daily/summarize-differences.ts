import type { ComparedDay, Comparison } from '../contract/engine.ts'

const mostDays = 10

/** Sums up how two sources differ. `relative`: whether a share of the value means something; of a time of day it does not. */
export function summarizeDifferences(
  days: ComparedDay[],
  relative: boolean,
): Pick<
  Comparison,
  'meanDifference' | 'meanAbsoluteDifference' | 'meanPercent' | 'meanAbsolutePercent' | 'largest'
> {
  const meanDifference = mean(days.map(({ difference }) => difference))
  const meanAbsoluteDifference = mean(days.map(({ difference }) => Math.abs(difference)))
  const whole = Math.abs(mean(days.map(({ one }) => one)))
  const percent = (value: number) => (relative && whole > 0 ? (100 * value) / whole : null)
  return {
    meanDifference,
    meanAbsoluteDifference,
    meanPercent: percent(meanDifference),
    meanAbsolutePercent: percent(meanAbsoluteDifference),
    largest: days
      .filter(({ difference }) => difference !== 0)
      .sort((a, b) => Math.abs(b.difference) - Math.abs(a.difference) || (a.date < b.date ? 1 : -1))
      .slice(0, mostDays),
  }
}

function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
