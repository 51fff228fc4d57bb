import { type DailyRecord, defineStream, type RejectedRecord, type Stream } from '@tributary/plugin-sdk'
import { z } from 'zod'
import { inAnswers, int64, pageOf, readScope } from './api.ts'
import { civilDate, dayAfter } from './civil.ts'
import { fetchPoints } from './data-points.ts'
import { type DayType, declareTypes, typeOf } from './day-type.ts'

export const vitals = dailyPointsStream({
  name: 'Resting heart rate and the night’s vitals',
  scopes: [readScope('health_metrics_and_measurements')],
  types: {
    'daily-resting-heart-rate': {
      name: 'resting heart rate',
      fields: ['restingHeartRate'],
      read: z
        .object({ beatsPerMinute: int64 })
        .transform(({ beatsPerMinute }) => ({ restingHeartRate: beatsPerMinute })),
    },
    /** RMSSD in milliseconds; a day may have other measures of variability alone (spec, DailyHeartRateVariability). */
    'daily-heart-rate-variability': {
      name: 'heart rate variability',
      fields: ['hrv'],
      read: z
        .object({ averageHeartRateVariabilityMilliseconds: z.number().optional() })
        .transform((day) => ({ hrv: day.averageHeartRateVariabilityMilliseconds })),
    },
    'daily-oxygen-saturation': {
      name: 'oxygen saturation',
      fields: ['spo2'],
      read: z
        .object({ averagePercentage: z.number() })
        .transform(({ averagePercentage }) => ({ spo2: averagePercentage })),
    },
    'daily-respiratory-rate': {
      name: 'breathing rate',
      fields: ['breathingRate'],
      read: z
        .object({ breathsPerMinute: z.number() })
        .transform(({ breathsPerMinute }) => ({ breathingRate: breathsPerMinute })),
    },
  },
})

/** ml/(min·kg). Google counts it among activity, not among the vitals. */
export const cardioFitness = dailyPointsStream({
  name: 'Cardio fitness',
  scopes: [readScope('activity_and_fitness')],
  types: { 'daily-vo2-max': { fields: ['vo2Max'], read: z.object({ vo2Max: z.number() }) } },
})

/** Declares a stream of daily records from data types that are themselves one point a day, reconciled over the person's devices. */
function dailyPointsStream({
  types,
  ...stream
}: Pick<Stream, 'name' | 'scopes'> & { types: Record<string, DayType> }): Stream {
  return defineStream<(DailyRecord | RejectedRecord)[]>({
    ...stream,
    ...declareTypes(types),
    maxDaysPerRequest: 365,
    answers: 'window',
    schema: pageOf('dataPoints', pointOf(types), (point) =>
      Object.keys(types).flatMap((id) =>
        inAnswers(id) in point ? [civilDate.parse(point[inAnswers(id)].date)] : [],
      ),
    ),
    fetchData({ http, dataType, from, to }) {
      const days = { member: 'date', from, until: dayAfter(to) }
      return fetchPoints(http, { type: typeOf(types, dataType), read: 'reconcile', ...days, pageSize: 1000 })
    },
    *mapData(pages) {
      for (const page of pages) yield* page
    },
  })
}

/** A point has one of the data types under its name. */
function pointOf(types: Record<string, DayType>): z.ZodType<DailyRecord> {
  const members = Object.entries(types).map(([id, { read }]) => {
    const day = z.intersection(
      z.object({ date: civilDate }).transform(({ date }) => ({ date })),
      read.transform((fields) => ({ fields })),
    )
    return [inAnswers(id), day.optional()] as const
  })
  return z
    .object(Object.fromEntries(members))
    .transform((point) => Object.values(point).find((day) => day !== undefined))
    .refine((day) => day !== undefined, { error: 'It has no member of its data type.' })
    .transform((day) => day as DailyRecord)
}
