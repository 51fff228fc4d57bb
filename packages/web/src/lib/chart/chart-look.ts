import type { ValueForm } from '../values/format-value.ts'

const amounts = new Set([
  'steps',
  'distance',
  'calories',
  'active-calories',
  'active-minutes',
  'zone-minutes',
  'floors',
  'sleep-duration',
  'sleep-deep',
  'sleep-light',
  'sleep-rem',
  'sleep-awake',
  'workouts',
  'workout-duration',
  'coding-time',
  'cardio-load',
])

/** How a metric is drawn: amounts of a day as bars from zero, rates and times as a line; texts not at all. */
export function chartLook({ type, unit, kind }: ValueForm): 'bars' | 'line' | 'none' {
  if (type === 'text') return 'none'
  if (type === 'time') return 'line'
  if (type === 'duration' || type === 'yes-no') return 'bars'
  if (kind !== null) return amounts.has(kind) ? 'bars' : 'line'
  const counted = unit !== null && (/^\{(?!score\}).+\}$/.test(unit) || unit === 'kcal')
  return counted ? 'bars' : 'line'
}
