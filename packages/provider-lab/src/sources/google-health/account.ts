import { json } from '../../http/answer.ts'
import type { Answer } from '../../http/answer.ts'
import { FIRST_DAY } from '../../person/person.ts'
import { ACCOUNT as FITBIT_ACCOUNT } from '../fitbit/oauth-rules.ts'
import { civilDate, instant, offset } from './civil.ts'
import type { Call } from './google-health.ts'
import { requireArea } from './refusals.ts'

/** The person's health user id. */
export const ACCOUNT = '4815162342108'

/** Who it is; any scope of Google Health will do. */
export function identity(): Answer {
  return json(200, { name: 'users/me/identity', healthUserId: ACCOUNT, legacyUserId: FITBIT_ACCOUNT })
}

export function profile({ scopes, uploaded: { person, today } }: Call): Answer {
  requireArea(scopes, 'profile')
  return json(200, {
    name: 'users/me/profile',
    age: Temporal.PlainDate.from(person.born).until(today, { largestUnit: 'years' }).years,
    membershipStartDate: civilDate(FIRST_DAY),
  })
}

export function settings({ scopes, uploaded: { person, now } }: Call): Answer {
  requireArea(scopes, 'settings')
  return json(200, {
    name: 'users/me/settings',
    timeZone: person.zone,
    utcOffset: offset(now / 1000, person.zone),
    languageLocale: 'en-GB',
  })
}

export function pairedDevices({ scopes, uploaded: { until } }: Call): Answer {
  requireArea(scopes, 'settings')
  return json(200, {
    pairedDevices: [
      {
        name: `users/${ACCOUNT}/pairedDevices/2600417302`,
        deviceType: 'TRACKER',
        deviceVersion: 'Charge 6',
        batteryStatus: 'High',
        batteryLevel: 83,
        lastSyncTime: instant(until * 60),
        macAddress: 'A1B2C3D4E5F6',
        features: ['STEPS', 'HEART_RATE', 'SMART_SLEEP', 'ACTIVE_ZONE_MINUTES'],
      },
    ],
  })
}
