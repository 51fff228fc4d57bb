import { seededRandom } from './random.ts'

/** What a night's sleep tells. HRV in ms (RMSSD), SpO2 in percent, breaths per minute. */
export interface NightVitals {
  readonly hrv: number
  readonly hrvDeep: number
  readonly spo2: { readonly avg: number; readonly min: number; readonly max: number }
  readonly breathingRate: number
}

/** Beats per minute, whole: fitter in late summer. */
export function restingHeartRate(seed: string, date: string): number {
  return Math.round(57 - 3 * season(date) + seededRandom(seed, 'resting', date).around(0, 1.5))
}

export function nightVitals(seed: string, date: string): NightVitals {
  const random = seededRandom(seed, 'vitals', date)
  const hrv = random.around(46 - 1.5 * (restingHeartRate(seed, date) - 57), 5)
  const avg = random.around(96.2, 0.7)
  return {
    hrv: round(hrv, 3),
    hrvDeep: round(hrv + random.around(-2, 3), 3),
    spo2: {
      avg: round(avg, 1),
      min: round(avg - random.between(1.5, 4), 1),
      max: round(Math.min(100, avg + random.between(1, 3)), 1),
    },
    breathingRate: round(random.around(14.4, 0.7), 1),
  }
}

/** Millilitres of oxygen per kg and minute, whole. */
export function vo2Max(date: string): number {
  return Math.round(45 + 1.5 * season(date))
}

/** Kilograms and percent: what the scale would say on that morning. */
export function bodyOn(seed: string, date: string): { readonly weight: number; readonly fat: number } {
  const random = seededRandom(seed, 'body', date)
  return {
    weight: round(74.5 - 1.6 * season(date) + random.around(0, 0.4), 1),
    fat: round(18.5 - 0.8 * season(date) + random.around(0, 0.3), 1),
  }
}

export function round(value: number, decimals: number): number {
  return Number(value.toFixed(decimals))
}

function season(date: string): number {
  return -Math.cos((2 * Math.PI * (Temporal.PlainDate.from(date).dayOfYear - 40)) / 365)
}
