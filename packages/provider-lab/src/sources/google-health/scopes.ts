import type { OAuthRules } from '../../oauth/rules.ts'

const AREAS = {
  activity_and_fitness: 'activity and fitness data',
  health_metrics_and_measurements: 'health metrics and measurement data',
  sleep: 'sleep data',
  nutrition: 'nutrition data',
  location: 'location data',
  profile: 'profile data',
  settings: 'settings',
  ecg: 'electrocardiograms',
  irn: 'irregular rhythm notifications',
  mindfulness: 'mindfulness data',
  logged_symptoms: 'logged symptoms',
  reproductive_health: 'reproductive health data',
} as const

export type Area = keyof typeof AREAS

export function readScope(area: Area): string {
  return `https://www.googleapis.com/auth/googlehealth.${area}.readonly`
}

export const healthScopes: OAuthRules['scopes'] = Object.entries(AREAS).flatMap(([area, label]) => [
  { id: readScope(area as Area), label: `See your Google Health ${label}` },
  {
    id: readScope(area as Area).replace(/readonly$/, 'writeonly'),
    label: `Add to your Google Health ${label}`,
  },
])
