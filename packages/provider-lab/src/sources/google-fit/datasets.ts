import { json } from '../../http/answer.ts'
import type { Answer } from '../../http/answer.ts'
import { findStream } from './data-sources.ts'
import type { Call } from './google-fit.ts'
import { modifiedAt, pointsOf } from './points.ts'
import type { Point } from './points.ts'
import { invalid } from './refusals.ts'

/** More points than this never come in one answer, whatever the limit. */
const MOST_POINTS = 10_000

/**
 * `GET /dataSources/{id}/datasets/{startNs}-{endNs}`: the newest points first served, yet each page in the order of time.
 *
 * A stretch without points has no `point` at all.
 */
export function getDataset({ parameters, query, scopes, uploaded }: Call): Answer {
  const stream = findStream(parameters.id ?? '', scopes)
  const [, startNs = '', endNs = ''] = /^(\d{1,19})-(\d{1,19})$/.exec(parameters.dataset ?? '') ?? []
  if (!startNs || BigInt(startNs) > BigInt(endNs)) throw invalid('Invalid dataset id.')
  const before = readPageToken(query.get('pageToken'))
  const found = pointsOf(stream.type, uploaded, seconds(startNs), seconds(endNs)).filter(
    ({ end }) => before === undefined || end < before,
  )
  const page = found.slice(-readLimit(query.get('limit')))
  const [oldest] = page
  return json(200, {
    minStartTimeNs: startNs,
    maxEndTimeNs: endNs,
    dataSourceId: stream.id,
    ...(page.length > 0
      ? {
          point: page.map((point) => ({
            startTimeNanos: nanos(point.start),
            endTimeNanos: nanos(point.end),
            dataTypeName: stream.type.name,
            originDataSourceId: stream.origin,
            value: point.values.map((value) => ({ ...value, mapVal: [] })),
            modifiedTimeMillis: String(modifiedAt(point, uploaded)),
          })),
        }
      : {}),
    ...(oldest && found.length > page.length ? { nextPageToken: pageToken(oldest) } : {}),
  })
}

/** Nanoseconds as the text that 64 bits need. */
export function nanos(secondsFromEpoch: number): string {
  return String(BigInt(secondsFromEpoch) * 1_000_000_000n)
}

function seconds(ns: string): number {
  return Number(BigInt(ns)) / 1e9
}

function readLimit(text: string | null): number {
  if (text === null) return MOST_POINTS
  const limit = /^\d+$/.test(text) ? Number(text) : 0
  if (limit < 1) throw invalid('limit must be a positive number.')
  return Math.min(limit, MOST_POINTS)
}

function pageToken({ end }: Point): string {
  return Buffer.from(`before/${end}`).toString('base64url')
}

function readPageToken(text: string | null): number | undefined {
  if (text === null) return undefined
  const [, end] = /^before\/(\d+)$/.exec(Buffer.from(text, 'base64url').toString('utf8')) ?? []
  if (!end) throw invalid('Invalid page token.')
  return Number(end)
}
