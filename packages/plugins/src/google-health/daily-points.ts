import { defineStream, type Stream } from '@tributary/plugin-sdk'
import { z } from 'zod'
import { inAnswers, int64, pageOf, readScope } from './api.ts'
import { civilDate, dayAfter } from './civil.ts'
import { fetchPoints } from './data-points.ts'
import type { ReadFields } from './daily-roll-up.ts'

export const vitals = dailyPointsStream({
  name: 'Resting heart rate and the night’s vitals',
  fields: ['restingHeartRate', 'hrv', 'spo2', 'breathingRate'],
  scopes: [readScope('health_metrics_and_measurements')],
  types: {
    'daily-resting-heart-rate': z
      .object({ beatsPerMinute: int64 })
      .transform(({ beatsPerMinute }) => ({ restingHeartRate: beatsPerMinute })),
    /** RMSSD in milliseconds; a day may have other measures of variability alone (spec, DailyHeartRateVariability). */
    'daily-heart-rate-variability': z
      .object({ averageHeartRateVariabilityMilliseconds: z.number().optional() })
      .transform((day) => ({ hrv: day.averageHeartRateVariabilityMilliseconds })),
    'daily-oxygen-saturation': z
      .object({ averagePercentage: z.number() })
      .transform(({ averagePercentage }) => ({ spo2: averagePercentage })),
    'daily-respiratory-rate': z
      .object({ breathsPerMinute: z.number() })
      .transform(({ breathsPerMinute }) => ({ breathingRate: breathsPerMinute })),
  },
})

/** ml/(min·kg). Google counts it among activity, not among the vitals. */
export const cardioFitness = dailyPointsStream({
  name: 'Cardio fitness',
  fields: ['vo2Max'],
  scopes: [readScope('activity_and_fitness')],
  types: { 'daily-vo2-max': z.object({ vo2Max: z.number() }) },
})

/** Declares a stream of daily records from data types that are themselves one point a day, reconciled over the person's devices. */
function dailyPointsStream({
  types,
  ...stream
}: Pick<Stream, 'name' | 'fields' | 'scopes'> & { types: Record<string, ReadFields> }): Stream {
  const page = pageOf('dataPoints', z.union(Object.entries(types).map(([id, read]) => dayOf(id, read))))
  return defineStream<z.infer<typeof page>>({
    ...stream,
    maxDaysPerRequest: 365,
    answers: 'window',
    schema: page,
    async *fetchData({ http, from, to }) {
      const days = { member: 'date', from, until: dayAfter(to) }
      for (const type of Object.keys(types))
        yield* fetchPoints(http, { type, read: 'reconcile', ...days, pageSize: 1000 })
    },
    *mapData(pages) {
      yield* pages.flat()
    },
  })
}

function dayOf(type: string, read: ReadFields) {
  const name = inAnswers(type)
  const day = z.intersection(
    z.object({ date: civilDate }).transform(({ date }) => ({ date })),
    read.transform((fields) => ({ fields })),
  )
  return z.object({ [name]: day }).transform((point) => point[name] as z.infer<typeof day>)
}
