import { engineHost, labOf } from '@tributary/plugin-host'
import { describePlugin } from '@tributary/plugin-sdk/testing'
import { googleFit } from './google-fit.ts'

// Calories are left out: the lab's truth rounds them.
const sameNames = [
  'steps',
  'distance',
  'heartMinutes',
  'activeMinutes',
  'heartRateMin',
  'heartRateMean',
  'heartRateMax',
  'weight',
  'bedTime',
  'wakeUpTime',
] as const

type TrueDay = Record<(typeof sameNames)[number] | 'sleepMinutes', number | null>

describePlugin(googleFit, {
  host: engineHost,
  lab: labOf<TrueDay>('google-fit', {
    values: ({ sleepMinutes, ...day }) => ({
      ...Object.fromEntries(sameNames.map((field) => [field, day[field]])),
      sleepLength: sleepMinutes === null ? null : sleepMinutes * 60,
    }),
    revise: { multiplySteps: 1.5 },
  }),
  record: {
    path: /dataset:aggregate/,
    spoil: (body) => body.replace(/"intVal":\d+/, '"intVal":"many"'),
  },
  data: /dataset|sessions/,
})
