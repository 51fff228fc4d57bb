import { definePlugin, type ImportErrorCode, oauth2 } from '@tributary/plugin-sdk'
import { activity } from './activity.ts'
import { heart } from './heart.ts'
import { sleep } from './sleep.ts'

/** Fitbit's Web API, version 1 and 1.2 (dev.fitbit.com/build/reference/web-api). */
export const fitbit = definePlugin({
  id: 'fitbit',
  name: 'Fitbit',
  description: 'Steps, sleep and resting heart rate from Fitbit trackers and watches.',
  icon: '⌚',
  auth: oauth2({
    authorizationUrl: 'https://www.fitbit.com/oauth2/authorize',
    tokenUrl: 'https://api.fitbit.com/oauth2/token',
    revokeUrl: 'https://api.fitbit.com/oauth2/revoke',
    scopes: ['activity', 'heartrate', 'sleep'],
    accountIdKey: 'user_id',
    mendTokenAnswer: (body, status) =>
      status >= 400 && body?.errors ? { error: body.errors[0]?.errorType ?? 'invalid_request' } : body,
  }),
  api: {
    baseUrl: 'https://api.fitbit.com',
    rateLimit: { remaining: 'Fitbit-Rate-Limit-Remaining', resetSeconds: 'Fitbit-Rate-Limit-Reset' },
    errorCode: (status, body): ImportErrorCode | undefined =>
      status === 403 && body?.errors?.[0]?.errorType === 'insufficient_scope' ? 'reauthorize' : undefined,
  },
  fields: {
    steps: { name: 'Steps', type: 'number', unit: '{steps}', kind: 'steps' },
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
      description: 'When the main sleep began; before midnight it is negative.',
    },
    wakeUpTime: {
      name: 'Wake-up time',
      type: 'time',
      kind: 'wake-up-time',
      description: 'When the main sleep ended.',
    },
    restingHeartRate: {
      name: 'Resting heart rate',
      type: 'number',
      unit: '/min',
      kind: 'resting-heart-rate',
    },
  },
  streams: { activity, heart, sleep },
  retired: {
    since: '2026-11-02',
    successor: 'google-health',
    note: 'Fitbit switched its Web API off on 2 November 2026. Its data lives on in Google Health.',
  },
})
