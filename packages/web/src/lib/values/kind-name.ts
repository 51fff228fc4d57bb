import type { PluginStatus } from '@tributary/engine'

/** What a field means whatever its source. */
export type Kind = NonNullable<PluginStatus['plugin']['fields'][number]['kind']>

const names: Record<Kind, string> = {
  steps: 'Steps',
  distance: 'Distance',
  calories: 'Calories burned',
  'active-calories': 'Calories burned by activity',
  'active-minutes': 'Active minutes',
  'zone-minutes': 'Zone minutes',
  floors: 'Floors climbed',
  'sleep-duration': 'Time asleep',
  'sleep-deep': 'Deep sleep',
  'sleep-light': 'Light sleep',
  'sleep-rem': 'REM sleep',
  'sleep-awake': 'Awake in bed',
  'bed-time': 'Bed time',
  'wake-up-time': 'Wake-up time',
  'resting-heart-rate': 'Resting heart rate',
  'heart-rate': 'Heart rate',
  'heart-rate-min': 'Lowest heart rate',
  'heart-rate-max': 'Highest heart rate',
  'heart-rate-variability': 'Heart rate variability',
  'oxygen-saturation': 'Oxygen saturation',
  'breathing-rate': 'Breathing rate',
  weight: 'Weight',
  'body-fat': 'Body fat',
  'vo2-max': 'VO₂ max',
  'cardio-load': 'Cardio load',
  readiness: 'Readiness',
  workouts: 'Workouts',
  'workout-duration': 'Time in workouts',
  'coding-time': 'Time coding',
}

/** A kind in plain words, e.g. `sleep-duration` → `Time asleep`. */
export const kindName = (kind: Kind): string => names[kind]
