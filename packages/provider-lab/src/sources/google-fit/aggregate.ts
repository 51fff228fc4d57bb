import { json } from '../../http/answer.ts'
import type { Answer } from '../../http/answer.ts'
import { asObject } from '../../http/as-object.ts'
import type { Uploaded } from '../../person/uploaded.ts'
import { cutBuckets } from './buckets.ts'
import type { Bucket } from './buckets.ts'
import { findStream, streams } from './data-sources.ts'
import { findDataType, WEIGHT } from './data-types.ts'
import type { DataType, Value } from './data-types.ts'
import { nanos } from './datasets.ts'
import type { Call } from './google-fit.ts'
import { pointsOf } from './points.ts'
import type { Point } from './points.ts'
import { invalid, requireArea } from './refusals.ts'

const LONGEST = 7_776_000_000

/** What is aggregated, and the data source that the answer names. */
interface Wanted {
  readonly type: DataType
  readonly dataSourceId: string
  readonly origin: string
}

/**
 * `POST /dataset:aggregate`.
 *
 * A bucket of which nothing was seen is there with a data set that has no points. A bucket holds the minutes that begin
 * in it.
 */
export function aggregate({ body, scopes, uploaded }: Call): Answer {
  const request = asObject(body)
  if (!request) throw invalid('Parse Error')
  const wanted = readWanted(request.aggregateBy, scopes)
  const stretch = { start: readMillis(request.startTimeMillis), end: readMillis(request.endTimeMillis) }
  if (stretch.end <= stretch.start) throw invalid('startTimeMillis must be before endTimeMillis.')
  if (stretch.end - stretch.start > LONGEST) throw invalid('aggregate duration too large')
  return json(200, {
    bucket: cutBuckets(request.bucketByTime, stretch).map((bucket) => ({
      startTimeMillis: String(bucket.start),
      endTimeMillis: String(bucket.end),
      dataset: wanted.map((each) => ({
        dataSourceId: each.dataSourceId,
        point: aggregated(each.type, uploaded, bucket).map((point) => describe(point, each)),
      })),
    })),
  })
}

function readWanted(aggregateBy: unknown, scopes: readonly string[]): Wanted[] {
  if (!Array.isArray(aggregateBy) || aggregateBy.length === 0)
    throw invalid('Require at least one aggregateby')
  return aggregateBy.map((entry) => {
    const { dataTypeName, dataSourceId } = asObject(entry) ?? {}
    if (typeof dataSourceId === 'string') {
      const { id, type, origin } = findStream(dataSourceId, scopes)
      if (dataTypeName !== undefined && dataTypeName !== type.name)
        throw invalid('dataTypeName does not match dataSourceId.')
      return { type, dataSourceId: id, origin }
    }
    const type = typeof dataTypeName === 'string' ? findDataType(dataTypeName) : undefined
    if (!type) throw invalid(`no default datasource found for: ${String(dataTypeName)}`)
    requireArea(scopes, type.area)
    const origin = streams.find((stream) => stream.type === type)?.id ?? ''
    return { type, dataSourceId: `derived:${type.aggregate}:com.google.android.gms:aggregated`, origin }
  })
}

function aggregated(type: DataType, uploaded: Uploaded, { start, end }: Bucket): Point[] {
  const [from, to] = [Math.ceil(start / 60_000), Math.ceil(end / 60_000)]
  if (type === WEIGHT) return weightSummary(pointsOf(type, uploaded, from * 60, to * 60 - 1))
  if (!type.total) {
    return pointsOf(type, uploaded, start / 1000, end / 1000).filter(
      (point) => point.start * 1000 < end && point.end * 1000 > start,
    )
  }
  const values = type.total(uploaded.totalsBetween(from, to))
  if (!values) return []
  const worn = uploaded.slices(from, to)
  const [first, last] = [worn[0], worn.at(-1)]
  if (!first || !last) return []
  return [{ start: (first.day.start + first.first) * 60, end: (last.day.start + last.last) * 60, values }]
}

function weightSummary(points: readonly Point[]): Point[] {
  const weights = points.flatMap(({ values }) => values).map((value) => ('fpVal' in value ? value.fpVal : 0))
  const [first, last] = [points[0], points.at(-1)]
  if (!first || !last) return []
  const mean = weights.reduce((sum, weight) => sum + weight, 0) / weights.length
  const values: Value[] = [mean, Math.max(...weights), Math.min(...weights)].map((fpVal) => ({ fpVal }))
  return [{ start: first.start, end: last.end, values }]
}

function describe({ start, end, values }: Point, { type, origin }: Wanted): unknown {
  return {
    startTimeNanos: nanos(start),
    endTimeNanos: nanos(end),
    dataTypeName: type.aggregate,
    originDataSourceId: origin,
    value: values.map((value) => ({ ...value, mapVal: [] })),
  }
}

function readMillis(value: unknown): number {
  const millis = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value
  if (typeof millis !== 'number' || !Number.isSafeInteger(millis))
    throw invalid('startTimeMillis and endTimeMillis must be given, in milliseconds.')
  return millis
}
