import type { OAuthRules } from '../../oauth/rules.ts'
import { oauthRefusal } from './refusals.ts'

/** The person's account at Fitbit. */
export const ACCOUNT = 'B7LAB2'

/** Source: dev.fitbit.com, Authorization; the two minutes are what its developers tell of. */
export const oauthRules: OAuthRules = {
  paths: {
    authorize: '/oauth2/authorize',
    token: '/oauth2/token',
    revoke: '/oauth2/revoke',
    introspect: '/1.1/oauth2/introspect',
  },
  scopes: [
    { id: 'activity', label: 'Activity and exercise' },
    { id: 'cardio_fitness', label: 'Cardio fitness (VO₂ max)' },
    { id: 'electrocardiogram', label: 'Electrocardiograms' },
    { id: 'heartrate', label: 'Heart rate' },
    { id: 'irregular_rhythm_notifications', label: 'Irregular rhythm notifications' },
    { id: 'location', label: 'Location and GPS' },
    { id: 'nutrition', label: 'Food and water' },
    { id: 'oxygen_saturation', label: 'Oxygen saturation (SpO₂)' },
    { id: 'profile', label: 'Profile' },
    { id: 'respiratory_rate', label: 'Breathing rate' },
    { id: 'settings', label: 'Devices and settings' },
    { id: 'sleep', label: 'Sleep' },
    { id: 'social', label: 'Friends' },
    { id: 'temperature', label: 'Skin temperature' },
    { id: 'weight', label: 'Weight and body fat' },
  ],
  scopeSeparator: ' ',
  clientAuth: 'basic',
  pkce: 'required',
  faultyRequest: 'redirect',
  remembersConsent: false,
  codeLifetime: 10 * 60,
  accessLifetime: 28_800,
  refresh: { rotates: true, repeatWindow: 2 * 60 },
  revocation: { by: 'client', refusesUnknown: true },
  account: ACCOUNT,
  issuer: 'Fitbit',
  tokenBody: (token) => ({ ...token, user_id: ACCOUNT }),
  errorAnswer: oauthRefusal,
}
