import { type Field, kinds } from '@tributary/plugin-sdk'
import { mainSleepFields } from '../main-sleep-fields.ts'

export const fields: Record<string, Field> = {
  steps: { name: 'Steps', type: 'number', unit: '{steps}', kind: 'steps' },
  distance: { name: 'Distance', type: 'number', unit: 'km', kind: 'distance' },
  calories: {
    name: 'Calories',
    type: 'number',
    unit: 'kcal',
    kind: 'calories',
    description: 'Energy spent, with what the body needs at rest; none for a day on which nobody moved.',
  },
  activeMinutes: {
    name: 'Active minutes',
    type: 'number',
    unit: 'min',
    kind: 'active-minutes',
    description: 'Fairly and very active minutes together.',
  },
  zoneMinutes: {
    name: 'Active zone minutes',
    type: 'number',
    unit: 'min',
    kind: 'zone-minutes',
    description: 'One for each minute in the fat burn zone, two for each in the cardio or peak zone.',
  },
  ...mainSleepFields,
  restingHeartRate: {
    name: 'Resting heart rate',
    type: 'number',
    unit: '/min',
    kind: 'resting-heart-rate',
  },
  cardioLoad: {
    name: 'Cardio load',
    type: 'number',
    unit: '{points}',
    kind: 'cardio-load',
    description:
      'Derived, and not the number in Fitbit’s app, which no API gives: the day’s training impulse by heart rate zones (Lucía’s TRIMP, Med Sci Sports Exerc 2003; 35: 872–878), minutes in fat burn + 2 × minutes in cardio + 3 × minutes in peak.',
  },
  hrv: {
    name: 'Heart rate variability',
    type: 'number',
    unit: 'ms',
    kind: 'heart-rate-variability',
    description: 'RMSSD during the main sleep.',
  },
  spo2: {
    name: 'Oxygen saturation',
    type: 'number',
    unit: '%',
    kind: 'oxygen-saturation',
    description: 'The mean of the main sleep.',
  },
  breathingRate: {
    name: 'Breathing rate',
    type: 'number',
    unit: '/min',
    kind: 'breathing-rate',
    description: 'Breaths a minute during the main sleep.',
  },
  weight: {
    name: 'Weight',
    type: 'number',
    unit: 'kg',
    kind: 'weight',
    description: 'The last weighing of the day.',
  },
  heartRate: {
    name: 'Heart rate through the day',
    type: 'number',
    unit: '/min',
    kind: 'heart-rate',
    day: 'mean',
    description: 'By minute.',
  },
  stepsIntraday: {
    name: 'Steps through the day',
    type: 'number',
    unit: '{steps}',
    range: kinds.steps.range,
    day: 'sum',
    description: 'By minute.',
  },
  fitbitReadiness: {
    name: 'Readiness',
    type: 'number',
    unit: '{score}',
    kind: 'readiness',
    description:
      'Fitbit’s Daily Readiness Score. No API gives it: it comes only from an upload of your Fitbit export.',
  },
}
