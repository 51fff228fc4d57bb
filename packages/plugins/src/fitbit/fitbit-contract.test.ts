import { engineHost, labOf } from '@tributary/plugin-host'
import { describePlugin } from '@tributary/plugin-sdk/testing'
import { fitbit } from './fitbit.ts'

const sameNames = [
  'steps',
  'distance',
  'calories',
  'activeMinutes',
  'zoneMinutes',
  'bedTime',
  'wakeUpTime',
  'restingHeartRate',
  'hrv',
  'spo2',
  'breathingRate',
  'weight',
] as const
const stages = ['sleepDeep', 'sleepLight', 'sleepRem', 'sleepAwake'] as const

type TrueDay = Record<(typeof sameNames)[number] | (typeof stages)[number] | 'sleepMinutes', number | null>

const inSeconds = (minutes: number | null) => (minutes === null ? null : minutes * 60)

describePlugin(fitbit, {
  host: engineHost,
  lab: labOf<TrueDay>('fitbit', {
    values: (day) => ({
      ...Object.fromEntries(sameNames.map((field) => [field, day[field]])),
      ...Object.fromEntries(stages.map((field) => [field, inSeconds(day[field])])),
      sleepLength: inSeconds(day.sleepMinutes),
    }),
    revise: { multiplySteps: 1.5 },
  }),
  record: {
    path: /activities\/steps\/date/,
    spoil: (body) => body.replace(/"value":"\d+"/, '"value":"many"'),
  },
  data: /\/(activities|sleep|body|hrv|spo2|br)\//,
  account: { path: /oauth2\/token/, withoutId: (body) => body.replace('"user_id":', '"other":') },
})
