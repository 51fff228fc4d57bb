import { defineStream, isRejected, type Stream } from '@tributary/plugin-sdk'
import { z } from 'zod'
import { recordsOf, withDates } from '../records-of.ts'
import { me, milliseconds, number } from './api.ts'
import { dayOf, endOfDay, startOfDay } from './local-days.ts'
import { orNoSource } from './no-source.ts'

/** A data type that has one value, or some, for a day. */
export interface DailyType {
  /** What a person calls it after the stream's name; needed where a stream has several. */
  name?: string
  /** The data source to aggregate in place of all that have the type. */
  dataSource?: string
  /** Reads each field from the values of the bucket's point, in the order of the aggregate type's fields. */
  fields: Record<string, (values: number[]) => number | undefined>
}

/**
 * Declares a stream of daily records from `dataset:aggregate`, whose buckets are days of the person's zone. Each data type is
 * asked for by itself, because a person without any source of one gets an error for all that one request names.
 *
 * "The maximum allowed difference between start_time_millis and end_time_millis is 7776000000 (roughly 90 days)" (spec,
 * AggregateRequest): 90 days exactly, which 90 local days exceed by the hour that autumn adds; hence 89.
 */
export function dailyStream({
  name,
  scope,
  types,
}: {
  name: string
  scope: string
  /** By name, such as `com.google.step_count.delta`. */
  types: Record<string, DailyType>
}): Stream {
  const ids = Object.keys(types)
  return defineStream<z.infer<ReturnType<typeof pageOf>>>({
    name,
    ...declareTypes(types),
    scopes: [scope],
    maxDaysPerRequest: 89,
    daysByZone: true,
    answers: 'window',
    schema: pageOf(ids),
    async *fetchData({ http, dataType, from, to, zone }) {
      const dataTypeName = dataType === '' ? ids[0] : dataType
      const dataSourceId = types[dataTypeName ?? '']?.dataSource
      yield await http.post(`${me}/dataset:aggregate`, {
        body: {
          aggregateBy: [{ dataTypeName, ...(dataSourceId ? { dataSourceId } : {}) }],
          bucketByTime: { period: { type: 'day', value: 1, timeZoneId: zone } },
          startTimeMillis: startOfDay(from, zone),
          endTimeMillis: endOfDay(to, zone),
        },
      })
    },
    *mapData(pages, { zone }) {
      for (const { bucket: buckets } of pages)
        for (const bucket of buckets) {
          if (isRejected(bucket)) {
            yield withDates(bucket, ({ startTimeMillis }) => [
              dayOf(milliseconds.parse(startTimeMillis), zone),
            ])
            continue
          }
          const points = bucket.dataset.flatMap(({ point }) => point)
          const values = points.flatMap(({ dataTypeName, value }) =>
            Object.entries(types[dataTypeName]?.fields ?? {}).map(([field, read]) => [field, read(value)]),
          )
          yield { date: dayOf(bucket.startTimeMillis, zone), fields: Object.fromEntries(values) }
        }
    },
  })
}

/** The fields of a stream and, where it has several, its data types. */
function declareTypes(types: Record<string, DailyType>): Pick<Stream, 'fields' | 'dataTypes'> {
  const dataTypes = Object.entries(types).map(
    ([id, type]) => [id, { name: type.name ?? id, fields: Object.keys(type.fields) }] as const,
  )
  const fields = dataTypes.flatMap(([, type]) => type.fields)
  return dataTypes.length === 1 ? { fields } : { fields, dataTypes: Object.fromEntries(dataTypes) }
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
  const buckets = recordsOf(bucket).refine((list) => list.length > 0, { error: 'There is no bucket in it.' })
  return orNoSource(z.object({ bucket: buckets }), { bucket: [] })
}

function base(dataType: string): string {
  return dataType.replace(/\.(summary|bpm)$/, '')
}
