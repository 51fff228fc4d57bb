import { z } from 'zod'
import { int64, readScope } from './api.ts'
import { dailyRollUpStream } from './daily-roll-up.ts'
import { someOf, withTrueZero } from './true-zero.ts'

const millimetresPerKilometre = 1_000_000
/** Whether a level counts: light activity does not, nor does it in Google's and Fitbit's apps. Others are not known. */
const counts = { SEDENTARY: false, LIGHT: false, MODERATE: true, VIGOROUS: true }
const activityLevel = z.enum(['SEDENTARY', 'LIGHT', 'MODERATE', 'VIGOROUS'])

const countSum = withTrueZero(z.object({ countSum: int64 }), 'countSum')
const kcalSum = withTrueZero(z.object({ kcalSum: z.number() }), 'kcalSum')
const millimetersSum = withTrueZero(z.object({ millimetersSum: int64 }), 'millimetersSum')

/** A zone without minutes is left out. Minutes in the zones of cardio and peak are counted twice by Google already. */
const zoneSums = someOf({
  sumInFatBurnHeartZone: int64.optional(),
  sumInCardioHeartZone: int64.optional(),
  sumInPeakHeartZone: int64.optional(),
})

const activityLevels = someOf({
  activeMinutesRollupByActivityLevel: z
    .array(z.object({ activityLevel, activeMinutesSum: int64.default(0) }))
    .min(1)
    .optional(),
})

const heartRate = someOf({
  beatsPerMinuteAvg: z.number().optional(),
  beatsPerMinuteMin: z.number().optional(),
  beatsPerMinuteMax: z.number().optional(),
})

export const activity = dailyRollUpStream({
  name: 'Activity',
  scopes: [readScope('activity_and_fitness')],
  maxDaysPerRequest: 90,
  types: {
    steps: { fields: ['steps'], read: countSum.transform((day) => ({ steps: day.countSum })) },
    distance: {
      fields: ['distance'],
      read: millimetersSum.transform((day) => ({ distance: day.millimetersSum / millimetresPerKilometre })),
    },
    'active-energy-burned': {
      name: 'active calories',
      fields: ['activeCalories'],
      read: kcalSum.transform((day) => ({ activeCalories: day.kcalSum })),
    },
    'active-zone-minutes': {
      name: 'zone minutes',
      fields: ['zoneMinutes'],
      read: zoneSums.transform((zones) => ({
        zoneMinutes: sum([
          zones.sumInFatBurnHeartZone ?? 0,
          zones.sumInCardioHeartZone ?? 0,
          zones.sumInPeakHeartZone ?? 0,
        ]),
      })),
    },
    floors: { fields: ['floors'], read: countSum.transform((day) => ({ floors: day.countSum })) },
  },
})

export const energy = dailyRollUpStream({
  name: 'Calories and active minutes',
  scopes: [readScope('activity_and_fitness')],
  maxDaysPerRequest: 14,
  types: {
    'total-calories': {
      name: 'calories',
      fields: ['calories'],
      read: kcalSum.transform((day) => ({ calories: day.kcalSum })),
    },
    'active-minutes': {
      name: 'active minutes',
      fields: ['activeMinutes'],
      read: activityLevels.transform(({ activeMinutesRollupByActivityLevel: levels }) => ({
        activeMinutes:
          levels &&
          sum(levels.filter((level) => counts[level.activityLevel]).map((level) => level.activeMinutesSum)),
      })),
    },
  },
})

export const heart = dailyRollUpStream({
  name: 'Heart rate',
  scopes: [readScope('health_metrics_and_measurements')],
  maxDaysPerRequest: 14,
  types: {
    'heart-rate': {
      fields: ['heartRateMean', 'heartRateMin', 'heartRateMax'],
      read: heartRate.transform((day) => ({
        heartRateMean: day.beatsPerMinuteAvg,
        heartRateMin: day.beatsPerMinuteMin,
        heartRateMax: day.beatsPerMinuteMax,
      })),
    },
  },
})

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
