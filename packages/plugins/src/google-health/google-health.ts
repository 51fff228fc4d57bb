import { type Account, clientFields, definePlugin, type HttpClient } from '@tributary/plugin-sdk'
import { googleSignIn } from '../google/sign-in.ts'
import { me, readError, readScope } from './api.ts'
import { body } from './body.ts'
import { cardioFitness, vitals } from './daily-points.ts'
import { fields } from './fields.ts'
import { activeCaloriesIntraday, distanceIntraday, heartIntraday, stepsIntraday } from './intraday.ts'
import { activity, energy, heart } from './roll-ups.ts'
import { setupInfo } from './setup-info.ts'
import { sleep } from './sleep.ts'
import { workouts } from './workouts.ts'

/** The legacy id is Fitbit's. */
async function identify(http: HttpClient): Promise<Account> {
  const identity = await http.get(`${me}/identity`)
  return { id: identity?.healthUserId, aliases: identity?.legacyUserId ? [identity.legacyUserId] : [] }
}

/**
 * The Google Health API, v4 (developers.google.com/health): what Fitbit and Pixel devices, Health Connect and the person's
 * own entries told Google.
 *
 * Its limits no header tells (developers.google.com/health/rate-limits). Each window takes a few requests only, so that one
 * which was refused gets through after the wait.
 */
export const googleHealth = definePlugin({
  id: 'google-health',
  name: 'Google Health',
  description:
    'Activity, heart, sleep, weight and workouts from Fitbit, Pixel Watch and Health Connect; the successor of Fitbit’s Web API and of Google Fit.',
  icon: '🩺',
  auth: googleSignIn([
    readScope('activity_and_fitness'),
    readScope('health_metrics_and_measurements'),
    readScope('sleep'),
  ]),
  api: {
    baseUrl: 'https://health.googleapis.com',
    limits: [
      // Of 300, one is left for the request that names the account: it comes before there is one to count it for.
      { requests: 299, seconds: 60, per: 'account' },
      {
        requests: 5,
        seconds: 2,
        per: 'project',
        when: { setting: 'verification', is: 'unverified' },
        countsIdentify: true,
      },
    ],
    readError,
    identify,
  },
  mappingVersion: 2,
  fields,
  streams: {
    activity,
    energy,
    heart,
    vitals,
    cardioFitness,
    body,
    sleep,
    workouts,
    heartIntraday,
    stepsIntraday,
    distanceIntraday,
    activeCaloriesIntraday,
  },
  adminFields: [
    ...clientFields,
    {
      key: 'verification',
      label: 'Verification',
      description:
        'Google lets an app that it has not verified ask 2.5 times a second. Leave it so unless Google wrote that yours is verified.',
      type: 'select',
      options: [
        { value: 'unverified', label: 'Not verified by Google' },
        { value: 'verified', label: 'Verified by Google' },
      ],
      default: 'unverified',
    },
  ],
  setupInfo,
})
