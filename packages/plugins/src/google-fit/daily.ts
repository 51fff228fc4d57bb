import { isPlausible } from '@tributary/plugin-sdk'
import { readScope } from './api.ts'
import { dailyStream } from './daily-stream.ts'

/** The source that the Fit app shows (developers.google.com/fit, "Read the daily step total"). */
export const stepsSource = 'derived:com.google.step_count.delta:com.google.android.gms:estimated_steps'

const first = ([value]: number[]) => value

export const activity = dailyStream({
  name: 'Activity',
  scope: readScope('activity'),
  types: {
    'com.google.step_count.delta': { name: 'steps', dataSource: stepsSource, fields: { steps: first } },
    /** kcal */
    'com.google.calories.expended': { name: 'calories', fields: { calories: first } },
    /** Heart points and then the milliseconds that earned them. */
    'com.google.heart_minutes': { name: 'heart points', fields: { heartMinutes: first } },
    'com.google.active_minutes': { name: 'active minutes', fields: { activeMinutes: first } },
  },
})

export const distance = dailyStream({
  name: 'Distance',
  scope: readScope('location'),
  types: {
    'com.google.distance.delta': {
      fields: { distance: ([metres]) => (metres === undefined ? undefined : metres / 1000) },
    },
  },
})

/** `com.google.heart_rate.summary`: average, max, min. */
export const heart = dailyStream({
  name: 'Heart rate',
  scope: readScope('heart_rate'),
  types: {
    'com.google.heart_rate.bpm': {
      fields: {
        heartRateMean: first,
        heartRateMax: ([, max]) => max,
        heartRateMin: ([, , min]) => min,
      },
    },
  },
})

/** `com.google.weight.summary`: average, max, min, in kg. */
export const weight = dailyStream({
  name: 'Weight',
  scope: readScope('body'),
  types: { 'com.google.weight': { fields: { weight: readWeight } } },
})

/** The average, unless an implausible weighing is in it: then the one extreme that is plausible, else one to be rejected. */
function readWeight([average, max = average, min = average]: number[]): number | undefined {
  const extremes = [max, min].filter((value) => value !== undefined)
  const plausible = extremes.filter((value) => isPlausible('weight', value))
  return plausible.length === extremes.length ? average : (plausible[0] ?? min)
}
