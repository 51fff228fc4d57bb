import { type Field, kinds } from '@tributary/plugin-sdk'

export const fields: Record<string, Field> = {
  steps: { name: 'Steps', type: 'number', unit: '{steps}', kind: 'steps' },
  distance: { name: 'Distance', type: 'number', unit: 'km', kind: 'distance' },
  calories: {
    name: 'Calories',
    type: 'number',
    unit: 'kcal',
    kind: 'calories',
    description: 'Energy spent, with what the body needs at rest.',
  },
  heartMinutes: {
    name: 'Heart points',
    type: 'number',
    unit: 'min',
    kind: 'zone-minutes',
    description: 'One for each minute of moderate activity, two for each of intense activity.',
  },
  activeMinutes: { name: 'Active minutes', type: 'number', unit: 'min', kind: 'active-minutes' },
  heartRateMean: { name: 'Heart rate, mean', type: 'number', unit: '/min', kind: 'heart-rate' },
  heartRateMin: { name: 'Heart rate, lowest', type: 'number', unit: '/min', kind: 'heart-rate-min' },
  heartRateMax: { name: 'Heart rate, highest', type: 'number', unit: '/min', kind: 'heart-rate-max' },
  weight: {
    name: 'Weight',
    type: 'number',
    unit: 'kg',
    kind: 'weight',
    description: 'The mean of the day’s weighings.',
  },
  sleepLength: {
    name: 'Sleep length',
    type: 'duration',
    kind: 'sleep-duration',
    description:
      'Time asleep in the longest night that ended on the day; naps are not counted. The time in bed where the app recorded no stages.',
  },
  bedTime: {
    name: 'Bed time',
    type: 'time',
    kind: 'bed-time',
    description: 'When the longest night began; before midnight it is negative.',
  },
  wakeUpTime: {
    name: 'Wake-up time',
    type: 'time',
    kind: 'wake-up-time',
    description: 'When the longest night ended.',
  },
  heartRate: {
    name: 'Heart rate through the day',
    type: 'number',
    unit: '/min',
    range: kinds['heart-rate'].range,
    day: 'mean',
    description: 'Every measurement, by the device or app that it comes from.',
  },
  // No day rule: Google merged the devices, so each origin holds but a part of the day's steps.
  stepsIntraday: {
    name: 'Steps through the day',
    type: 'number',
    unit: '{steps}',
    range: kinds.steps.range,
    span: 'sum',
    description: 'Every count, by the device or app that it comes from; for the day’s sum see Steps.',
  },
}
