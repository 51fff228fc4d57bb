import { z } from 'zod'
import { int64, readScope } from './api.ts'
import { dailyRollUpStream } from './daily-roll-up.ts'

const millimetresPerKilometre = 1_000_000
/** Whether a level counts: light activity does not, nor does it in Google's and Fitbit's apps. Others are not known. */
const counts = { SEDENTARY: false, LIGHT: false, MODERATE: true, VIGOROUS: true }
const activityLevel = z.enum(['SEDENTARY', 'LIGHT', 'MODERATE', 'VIGOROUS'])

export const activity = dailyRollUpStream({
  name: 'Activity',
  fields: ['steps', 'distance', 'activeCalories', 'zoneMinutes', 'floors'],
  scopes: [readScope('activity_and_fitness')],
  maxDaysPerRequest: 90,
  types: {
    steps: z.object({ countSum: int64 }).transform(({ countSum }) => ({ steps: countSum })),
    distance: z
      .object({ millimetersSum: int64 })
      .transform(({ millimetersSum }) => ({ distance: millimetersSum / millimetresPerKilometre })),
    'active-energy-burned': z
      .object({ kcalSum: z.number() })
      .transform(({ kcalSum }) => ({ activeCalories: kcalSum })),
    /** Minutes in the zones of cardio and peak are counted twice by Google already. */
    'active-zone-minutes': z
      .object({
        sumInFatBurnHeartZone: int64.optional(),
        sumInCardioHeartZone: int64.optional(),
        sumInPeakHeartZone: int64.optional(),
      })
      .transform((zones) => Object.values(zones).filter((minutes) => minutes !== undefined))
      .pipe(z.array(z.number()).min(1))
      .transform((zones) => ({ zoneMinutes: sum(zones) })),
    floors: z.object({ countSum: int64 }).transform(({ countSum }) => ({ floors: countSum })),
  },
})

export const energy = dailyRollUpStream({
  name: 'Calories and active minutes',
  fields: ['calories', 'activeMinutes'],
  scopes: [readScope('activity_and_fitness')],
  maxDaysPerRequest: 14,
  types: {
    'total-calories': z.object({ kcalSum: z.number() }).transform(({ kcalSum }) => ({ calories: kcalSum })),
    'active-minutes': z
      .object({
        activeMinutesRollupByActivityLevel: z
          .array(z.object({ activityLevel, activeMinutesSum: int64.default(0) }))
          .min(1),
      })
      .transform(({ activeMinutesRollupByActivityLevel: levels }) => ({
        activeMinutes: sum(
          levels.filter((level) => counts[level.activityLevel]).map((level) => level.activeMinutesSum),
        ),
      })),
  },
})

export const heart = dailyRollUpStream({
  name: 'Heart rate',
  fields: ['heartRateMean', 'heartRateMin', 'heartRateMax'],
  scopes: [readScope('health_metrics_and_measurements')],
  maxDaysPerRequest: 14,
  types: {
    'heart-rate': z
      .object({
        beatsPerMinuteAvg: z.number(),
        beatsPerMinuteMin: z.number(),
        beatsPerMinuteMax: z.number(),
      })
      .transform(({ beatsPerMinuteAvg, beatsPerMinuteMin, beatsPerMinuteMax }) => ({
        heartRateMean: beatsPerMinuteAvg,
        heartRateMin: beatsPerMinuteMin,
        heartRateMax: beatsPerMinuteMax,
      })),
  },
})

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
