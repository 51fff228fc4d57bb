import { definePlugin, oauth2 } from '@tributary/plugin-sdk'
import { activity } from './activity.ts'
import { breathingRate } from './breathing-rate.ts'
import { fields } from './fields.ts'
import { heart } from './heart.ts'
import { hrv } from './hrv.ts'
import { heartIntraday, stepsIntraday } from './intraday.ts'
import { sleep } from './sleep.ts'
import { spo2 } from './spo2.ts'
import { weight } from './weight.ts'
import { zoneMinutes } from './zone-minutes.ts'

/** Fitbit's Web API, version 1 and 1.2 (dev.fitbit.com/build/reference/web-api). */
export const fitbit = definePlugin({
  id: 'fitbit',
  name: 'Fitbit',
  description: 'Activity, sleep, heart, weight and the night’s vitals from Fitbit trackers and watches.',
  icon: '⌚',
  auth: oauth2({
    authorizationUrl: 'https://www.fitbit.com/oauth2/authorize',
    tokenUrl: 'https://api.fitbit.com/oauth2/token',
    revokeUrl: 'https://api.fitbit.com/oauth2/revoke',
    scopes: ['activity', 'heartrate', 'sleep', 'weight', 'oxygen_saturation', 'respiratory_rate'],
    accountIdKey: 'user_id',
    mendTokenAnswer: (body) =>
      body?.errors ? { error: body.errors[0]?.errorType ?? 'invalid_request' } : body,
  }),
  api: {
    baseUrl: 'https://api.fitbit.com',
    rateLimit: { resetSeconds: 'Fitbit-Rate-Limit-Reset' },
    readError: (status, body) =>
      status === 403 && body?.errors?.[0]?.errorType === 'insufficient_scope'
        ? { code: 'not-allowed', message: 'not allowed at Fitbit; connect again and allow it there.' }
        : undefined,
  },
  mappingVersion: 2,
  fields,
  streams: {
    activity,
    zoneMinutes,
    heart,
    sleep,
    weight,
    hrv,
    spo2,
    breathingRate,
    heartIntraday,
    stepsIntraday,
  },
  retired: {
    since: '2026-11-02',
    note: 'Fitbit switched its Web API off on 2 November 2026. Its data lives on in Google Health.',
  },
  successor: 'google-health',
})
