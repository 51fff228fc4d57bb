import type { Field } from '@tributary/plugin-sdk'

/** Of services that mark one sleep of each day as the main one, and tell its stages. */
export const mainSleepFields: Record<string, Field> = {
  sleepLength: {
    name: 'Sleep length',
    type: 'duration',
    kind: 'sleep-duration',
    description: 'Time asleep in the main sleep of the day; naps are not counted.',
  },
  bedTime: {
    name: 'Bed time',
    type: 'time',
    kind: 'bed-time',
    description: 'When you fell asleep.',
  },
  wakeUpTime: {
    name: 'Wake-up time',
    type: 'time',
    kind: 'wake-up-time',
    description: 'When the main sleep ended.',
  },
  sleepDeep: { name: 'Deep sleep', type: 'duration', kind: 'sleep-deep', description: 'In the main sleep.' },
  sleepLight: {
    name: 'Light sleep',
    type: 'duration',
    kind: 'sleep-light',
    description: 'In the main sleep.',
  },
  sleepRem: { name: 'REM sleep', type: 'duration', kind: 'sleep-rem', description: 'In the main sleep.' },
  sleepAwake: {
    name: 'Awake in bed',
    type: 'duration',
    kind: 'sleep-awake',
    description: 'In the main sleep, where the device told its stages.',
  },
}
