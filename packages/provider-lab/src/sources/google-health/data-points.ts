import { createHash } from 'node:crypto'
import { json } from '../../http/answer.ts'
import type { Answer } from '../../http/answer.ts'
import { addDays } from '../../person/local-day.ts'
import { FIRST_DAY } from '../../person/person.ts'
import type { SourceOptions } from '../../source.ts'
import { ACCOUNT } from './account.ts'
import { civilTime } from './civil.ts'
import { findDataType, inAnswers } from './data-types.ts'
import type { DataType } from './data-types.ts'
import { pointsOfDay } from './day-points.ts'
import { readFamily } from './families.ts'
import { readFilter } from './filter.ts'
import type { Call } from './google-health.ts'
import { DATA_SOURCES } from './record.ts'
import type { PointRecord } from './record.ts'
import { invalid, requireArea } from './refusals.ts'

const DEFAULT_PAGE = 1440

/** Where a page ends: in the points of that day, newest first, after so many of those that pass. */
interface Place {
  readonly date: string
  readonly index: number
  /** Points later than this were not there when the first page was served. */
  readonly until: number
  /** What was asked for; a token serves for nothing else. */
  readonly query: string
}

/** `GET …/dataPoints`: the points of every source by itself, so that their sum counts double. */
export function listDataPoints(call: Call): Answer {
  const type = findDataType(call.parameters.type ?? '', 'list')
  if (type.id === 'sleep' && call.query.has('dataSourceFamily'))
    throw invalid(undefined, 'Filtering by data source family is not supported for sleep.')
  return answerPage(call, type, (point) => ({
    ...(point.id ? { name: nameOf(type, point.id) } : {}),
    dataSource: DATA_SOURCES[point.origin],
    [inAnswers(type)]: point.value(),
  }))
}

/** `GET …/dataPoints:reconcile`: one truth out of all sources, without a word on which. */
export function reconcileDataPoints(call: Call): Answer {
  const type = findDataType(call.parameters.type ?? '', 'reconcile')
  const { zone } = call.uploaded.person
  const withCivilTimes = (point: PointRecord) => {
    const value = point.value()
    if (type.kind !== 'session') return value
    const civil = {
      civilStartTime: civilTime(point.start, zone),
      ...(point.end === undefined ? {} : { civilEndTime: civilTime(point.end, zone) }),
    }
    return { ...value, interval: { ...(value.interval as object), ...civil } }
  }
  return answerPage(
    call,
    type,
    (point) => ({
      ...(point.id ? { dataPointName: nameOf(type, point.id) } : {}),
      [inAnswers(type)]: withCivilTimes(point),
    }),
    ({ origin }) => origin !== 'phone',
  )
}

function answerPage(
  call: Call,
  type: DataType,
  write: (point: PointRecord) => unknown,
  counts: (point: PointRecord) => boolean = () => true,
): Answer {
  const { query, scopes, uploaded, options } = call
  requireArea(scopes, type.area)
  const filter = readFilter(query.get('filter'), type, {
    zone: uploaded.person.zone,
    now: uploaded.now / 1000,
  })
  const isOfFamily = readFamily(query.get('dataSourceFamily'))
  const size = Math.min(readPageSize(query.get('pageSize'), type), largestOf(type, options))
  const fingerprint = fingerprintOf(call)
  const began = readToken(query.get('pageToken'), fingerprint)
  const until = began?.until ?? uploaded.until * 60

  const newest = min(addDays(uploaded.today, 1), filter.to && addDays(filter.to, 1))
  const oldest = filter.from && filter.from > FIRST_DAY ? addDays(filter.from, -1) : FIRST_DAY
  const page: unknown[] = []
  let next: Place | undefined
  for (let date = began?.date ?? newest; !next && date >= oldest; date = addDays(date, -1)) {
    const points = pointsOfDay(type, uploaded, date, options).filter(
      (point) => point.start < until && isOfFamily(point) && counts(point) && filter.passes(point),
    )
    const from = date === began?.date ? began.index : 0
    const taken = points.slice(from, from + size - page.length)
    page.push(...taken.map(write))
    if (from + taken.length < points.length)
      next = { date, index: from + taken.length, until, query: fingerprint }
  }
  return json(200, { dataPoints: page, nextPageToken: next ? pageToken(next) : '' })
}

function nameOf(type: DataType, id: string): string {
  return `users/${ACCOUNT}/dataTypes/${type.id}/dataPoints/${id}`
}

function readPageSize(text: string | null, { largestPage }: DataType): number {
  if (text !== null && !/^\d+$/.test(text)) throw invalid(undefined, `Invalid page size: ${text}`)
  return Math.min(Number(text) || DEFAULT_PAGE, largestPage)
}

/** Points of minutes come by the thousand whatever is set. */
function largestOf({ kind }: DataType, { largestPage = Infinity }: SourceOptions): number {
  return kind === 'session' || kind === 'daily' ? largestPage : Infinity
}

function fingerprintOf({ parameters, query }: Call): string {
  const asked = [parameters.type, query.get('filter'), query.get('dataSourceFamily')]
  return createHash('sha256').update(JSON.stringify(asked)).digest('base64url').slice(0, 12)
}

function pageToken(place: Place): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url')
}

function readToken(text: string | null, query: string): Place | undefined {
  if (!text) return undefined
  try {
    const place = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as Place
    if (place.query === query) return place
  } catch {
    // It falls through to the refusal of a token that belongs to another request.
  }
  throw invalid('INVALID_PAGE_TOKEN', 'The page token is not one of this request.')
}

function min(one: string, other: string | undefined): string {
  return other !== undefined && other < one ? other : one
}
