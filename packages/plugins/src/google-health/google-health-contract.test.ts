import { engineHost, labOf } from '@tributary/plugin-host'
import { describePlugin } from '@tributary/plugin-sdk/testing'
import { googleHealth } from './google-health.ts'

// Calories are left out: the lab's truth rounds them.
const sameNames = [
  'steps',
  'distance',
  'activeCalories',
  'floors',
  'activeMinutes',
  'zoneMinutes',
  'bedTime',
  'wakeUpTime',
  'heartRateMin',
  'heartRateMean',
  'heartRateMax',
  'restingHeartRate',
  'hrv',
  'spo2',
  'breathingRate',
  'weight',
  'bodyFat',
] as const
const stages = ['sleepDeep', 'sleepLight', 'sleepRem', 'sleepAwake'] as const

type TrueDay = Record<
  (typeof sameNames)[number] | (typeof stages)[number] | 'sleepMinutes' | 'workouts',
  number | null
>

const inSeconds = (minutes: number | null) => (minutes === null ? null : minutes * 60)

describePlugin(googleHealth, {
  host: engineHost,
  lab: labOf<TrueDay>('google-health', {
    values: (day) => ({
      ...Object.fromEntries(sameNames.map((field) => [field, day[field]])),
      ...Object.fromEntries(stages.map((field) => [field, inSeconds(day[field])])),
      sleepLength: inSeconds(day.sleepMinutes),
      // Whether a day without a workout was worn is not said.
      workouts: day.workouts || null,
    }),
    revise: { multiplySteps: 1.5 },
    options: { largestPage: 10 },
  }),
  record: {
    path: /dataTypes\/sleep\//,
    spoil: (body) => body.replace('"startTime":"', '"startTime":"never'),
  },
  data: /dataTypes/,
  account: { path: /identity/, withoutId: (body) => body.replace('"healthUserId":', '"other":') },
  paging: { next: 'nextPageToken', parameter: 'pageToken' },
})
