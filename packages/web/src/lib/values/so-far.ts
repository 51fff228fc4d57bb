import type { DailyValue, IncompleteValue } from '@tributary/engine'

/** The values of a metric, oldest first, and which of them are not final. */
export interface DayValues {
  values: DailyValue[]
  soFar: boolean[]
}

/** Picks a metric's values out of days. */
export function pickValues(
  metric: string,
  days: { date: string; values: Record<string, DailyValue> }[],
  incomplete: IncompleteValue[],
): DayValues {
  const open = new Set(incomplete.flatMap((one) => (one.metric === metric ? one.date : [])))
  return {
    values: days.map(({ values }) => values[metric] ?? null),
    soFar: days.map(({ date }) => open.has(date)),
  }
}

/** The numbers that are final: those that averages and extremes are made of. */
export function finalNumbers({ values, soFar }: DayValues): number[] {
  return values.filter((value, index) => typeof value === 'number' && !soFar[index]) as number[]
}
