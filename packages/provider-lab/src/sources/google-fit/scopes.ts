import type { OAuthRules } from '../../oauth/rules.ts'

const AREAS = {
  activity: 'your physical activity',
  blood_glucose: 'your blood glucose',
  blood_pressure: 'your blood pressure',
  body: 'your body measurements',
  body_temperature: 'your body temperature',
  heart_rate: 'your heart rate',
  location: 'your location and distances',
  nutrition: 'your nutrition',
  oxygen_saturation: 'your oxygen saturation',
  reproductive_health: 'your reproductive health',
  sleep: 'your sleep',
} as const

export type Area = keyof typeof AREAS

export function readScope(area: Area): string {
  return `https://www.googleapis.com/auth/fitness.${area}.read`
}

export const fitScopes: OAuthRules['scopes'] = Object.entries(AREAS).flatMap(([area, label]) => [
  { id: readScope(area as Area), label: `See ${label} in Google Fit` },
  {
    id: readScope(area as Area).replace(/read$/, 'write'),
    label: `Add to ${label} in Google Fit`,
  },
])
