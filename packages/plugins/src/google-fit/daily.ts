import { isPlausible } from '@tributary/plugin-sdk'
import { readScope } from './api.ts'
import { dailyStream } from './daily-stream.ts'

/** The source that the Fit app shows (developers.google.com/fit, "Read the daily step total"). */
export const stepsSource = 'derived:com.google.step_count.delta:com.google.android.gms:estimated_steps'

const first = ([value]: number[]) => value

export const activity = dailyStream({
  name: 'Activity',
  scope: readScope('activity'),
  fields: {
    steps: { dataType: 'com.google.step_count.delta', dataSource: stepsSource, read: first },
    /** kcal */
    calories: { dataType: 'com.google.calories.expended', read: first },
    /** Heart points and then the milliseconds that earned them. */
    heartMinutes: { dataType: 'com.google.heart_minutes', read: first },
    activeMinutes: { dataType: 'com.google.active_minutes', read: first },
  },
})

export const distance = dailyStream({
  name: 'Distance',
  scope: readScope('location'),
  fields: {
    distance: {
      dataType: 'com.google.distance.delta',
      read: ([metres]) => (metres === undefined ? undefined : metres / 1000),
    },
  },
})

/** `com.google.heart_rate.summary`: average, max, min. */
export const heart = dailyStream({
  name: 'Heart rate',
  scope: readScope('heart_rate'),
  fields: {
    heartRateMean: { dataType: 'com.google.heart_rate.bpm', read: first },
    heartRateMax: { dataType: 'com.google.heart_rate.bpm', read: ([, max]) => max },
    heartRateMin: { dataType: 'com.google.heart_rate.bpm', read: ([, , min]) => min },
  },
})

/** `com.google.weight.summary`: average, max, min, in kg. */
export const weight = dailyStream({
  name: 'Weight',
  scope: readScope('body'),
  fields: { weight: { dataType: 'com.google.weight', read: readWeight } },
})

/** The average, unless an implausible weighing is in it: then the one extreme that is plausible, else one to be rejected. */
function readWeight([average, max = average, min = average]: number[]): number | undefined {
  const extremes = [max, min].filter((value) => value !== undefined)
  const plausible = extremes.filter((value) => isPlausible('weight', value))
  return plausible.length === extremes.length ? average : (plausible[0] ?? min)
}
