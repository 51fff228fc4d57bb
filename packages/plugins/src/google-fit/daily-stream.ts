import { defineStream, type Stream } from '@tributary/plugin-sdk'
import { z } from 'zod'
import { me, milliseconds, number } from './api.ts'
import { dayOf, endOfDay, startOfDay } from './local-days.ts'
import { orNoSource } from './no-source.ts'

/** A daily value of one data type. */
export interface DailyField {
  /** Such as `com.google.step_count.delta`. */
  dataType: string
  /** The data source to aggregate in place of all that have the type. */
  dataSource?: string
  /** Reads it from the values of the bucket's point, in the order of the aggregate type's fields. */
  read(values: number[]): number | undefined
}

/**
 * Declares a stream of daily records from `dataset:aggregate`, whose buckets are days of the person's zone.
 *
 * "The maximum allowed difference between start_time_millis and end_time_millis is 7776000000 (roughly 90 days)" (spec,
 * AggregateRequest): 90 days exactly, which 90 local days exceed by the hour that autumn adds; hence 89.
 */
export function dailyStream({
  name,
  scope,
  fields,
}: {
  name: string
  scope: string
  fields: Record<string, DailyField>
}): Stream {
  const sources = new Map(Object.values(fields).map(({ dataType, dataSource }) => [dataType, dataSource]))
  const aggregateBy = [...sources].map(([dataTypeName, dataSourceId]) => ({
    dataTypeName,
    ...(dataSourceId ? { dataSourceId } : {}),
  }))
  const page = pageOf([...sources.keys()])

  return defineStream<z.infer<typeof page>>({
    name,
    fields: Object.keys(fields),
    scopes: [scope],
    maxDaysPerRequest: 89,
    daysByZone: true,
    answers: 'window',
    schema: page,
    async *fetchData({ http, from, to, zone }) {
      yield await http.post(`${me}/dataset:aggregate`, {
        body: {
          aggregateBy,
          bucketByTime: { period: { type: 'day', value: 1, timeZoneId: zone } },
          startTimeMillis: startOfDay(from, zone),
          endTimeMillis: endOfDay(to, zone),
        },
      })
    },
    *mapData(pages, { zone }) {
      for (const { startTimeMillis, dataset } of pages.flatMap(({ bucket }) => bucket)) {
        const points = dataset.flatMap(({ point }) => point)
        const values = Object.entries(fields).map(([field, { dataType, read }]) => {
          const point = points.find(({ dataTypeName }) => dataTypeName === dataType)
          return [field, point && read(point.value)]
        })
        yield { date: dayOf(startTimeMillis, zone), fields: Object.fromEntries(values) }
      }
    },
  })
}

/** A day of which nothing is known has a bucket without points; an answer without buckets is none (spec, BucketByTime). */
function pageOf(dataTypes: string[]) {
  const point = z.object({
    // Some types are aggregated into another one of their name: com.google.heart_rate.summary.
    dataTypeName: z
      .string()
      .transform((name) => dataTypes.find((type) => base(type) === base(name)))
      .pipe(z.string()),
    value: z.array(number).min(1),
  })
  const bucket = z.object({
    startTimeMillis: milliseconds,
    dataset: z.array(z.object({ point: z.array(point).max(1).default([]) })).min(1),
  })
  return orNoSource(z.object({ bucket: z.array(bucket).min(1) }), { bucket: [] })
}

function base(dataType: string): string {
  return dataType.replace(/\.(summary|bpm)$/, '')
}
