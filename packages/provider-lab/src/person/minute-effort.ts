/** Metres walked or run in a minute of that many steps. */
export function metres(steps: number): number {
  return steps * (steps >= RUNNING_CADENCE ? 1.02 : 0.71)
}

/** Kilocalories burned in a minute, those of merely being alive included. */
export function kilocalories(steps: number, heart: number): number {
  return BASAL_KCAL + steps * 0.032 + Math.max(0, heart - 110) * 0.05
}

/** Kilocalories a minute of rest costs. */
export const BASAL_KCAL = 1.16

/** Steps per minute from which it is a run. */
export const RUNNING_CADENCE = 140

/** The person's heart rate zones, beats per minute; a zone reaches up to the next, the last to 220. */
export const HEART_ZONES = [
  { name: 'Out of Range', min: 30, max: 108 },
  { name: 'Fat Burn', min: 108, max: 135 },
  { name: 'Cardio', min: 135, max: 164 },
  { name: 'Peak', min: 164, max: 220 },
] as const

/** Index into `HEART_ZONES`. */
export function heartZone(heart: number): 0 | 1 | 2 | 3 {
  if (heart < 108) return 0
  if (heart < 135) return 1
  return heart < 164 ? 2 : 3
}

export type Exertion = 'sedentary' | 'light' | 'fair' | 'very'

export function exertion(steps: number, heart: number): Exertion {
  if (steps === 0) return 'sedentary'
  if (steps < 60) return 'light'
  return steps < RUNNING_CADENCE && heart < 135 ? 'fair' : 'very'
}
