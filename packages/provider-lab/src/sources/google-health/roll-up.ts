import { json } from '../../http/answer.ts'
import type { Answer } from '../../http/answer.ts'
import { asObject } from '../../http/as-object.ts'
import { addDays, countDays, isDate, localDay } from '../../person/local-day.ts'
import { civilTime, instant } from './civil.ts'
import { findDataType, inAnswers } from './data-types.ts'
import type { DataType } from './data-types.ts'
import { readFamily } from './families.ts'
import type { Call } from './google-health.ts'
import { invalid, requireArea } from './refusals.ts'
import { rolledUp } from './roll-up-values.ts'
import { onlyKnown } from './strict-json.ts'

const DEFAULT_DAYS = 90
const MOST_WINDOWS = 10_000
const A_DAY = 24 * 60 * 60

const MANUAL = ['weight', 'body-fat']

/** `POST …/dataPoints:dailyRollUp`: civil days of the person's zone, the newest first; days without data are left out. */
export function dailyRollUp(call: Call): Answer {
  const type = findDataType(call.parameters.type ?? '', 'dailyRollup')
  requireArea(call.scopes, type.area)
  const body = readBody(call.body, ['range', 'windowSizeDays', 'pageSize', 'pageToken', 'dataSourceFamily'])
  const range = onlyKnown(body.range, ['start', 'end'], 'range')
  const [start, end] = [readCivil(range.start, 'range.start'), readCivil(range.end, 'range.end')]
  const window = readWhole(body.windowSizeDays, 'window_size_days') ?? 1
  const days = countDays(start, end) - 1
  if (days < 1) throw invalid('INVALID_ROLLUP_QUERY_DURATION', 'The range must not be empty.')
  refuseLongerThan(type, days)
  const pageSize = readWhole(body.pageSize, 'page_size') ?? DEFAULT_DAYS
  const windows = Math.ceil(days / window)
  if (pageSize < windows) {
    const needed = `Must be at least ${windows} to cover the requested range with a window_size_days of ${window}.`
    throw invalid(undefined, `page_size (${pageSize}) is too small. ${needed}`)
  }

  const { zone } = call.uploaded.person
  const points = Array.from({ length: windows }, (_, index) => {
    const first = addDays(start, index * window)
    const last = addDays(start, Math.min((index + 1) * window, days))
    const [from, to] = [localDay(first, zone).start, localDay(last, zone).start]
    const times = { civilStartTime: civilTime(from * 60, zone), civilEndTime: civilTime(to * 60, zone) }
    return { from, to, times }
  })
  return answer(call, type, body.dataSourceFamily, points.reverse())
}

/** `POST …/dataPoints:rollUp`: windows of an exact length, the newest first; those without data are left out. */
export function rollUp(call: Call): Answer {
  const type = findDataType(call.parameters.type ?? '', 'rollup')
  requireArea(call.scopes, type.area)
  const body = readBody(call.body, ['range', 'windowSize', 'pageSize', 'pageToken', 'dataSourceFamily'])
  const range = onlyKnown(body.range, ['startTime', 'endTime'], 'range')
  const [start, end] = [readInstant(range.startTime, 'start_time'), readInstant(range.endTime, 'end_time')]
  const window = readWindow(body.windowSize)
  if (end <= start) throw invalid('INVALID_ROLLUP_QUERY_DURATION', 'The range must not be empty.')
  refuseLongerThan(type, (end - start) / A_DAY)
  const pageSize = readWhole(body.pageSize, 'page_size')
  if (pageSize !== undefined) refuseLongerThan(type, (pageSize * window) / A_DAY)
  const windows = Math.ceil((end - start) / window)
  if (windows > MOST_WINDOWS)
    throw invalid('INVALID_ROLLUP_QUERY_DURATION', `More than ${MOST_WINDOWS} windows were asked for.`)

  const points = Array.from({ length: windows }, (_, index) => {
    const first = start + index * window
    const last = Math.min(first + window, end)
    return {
      from: Math.ceil(first / 60),
      to: Math.ceil(last / 60),
      times: { startTime: instant(first), endTime: instant(last) },
    }
  })
  return answer(call, type, body.dataSourceFamily, points.reverse())
}

interface Window {
  readonly from: number
  readonly to: number
  readonly times: Readonly<Record<string, unknown>>
}

function answer({ uploaded }: Call, type: DataType, family: unknown, windows: readonly Window[]): Answer {
  const origin = MANUAL.includes(type.id) ? 'scale' : 'measured'
  const isOfFamily = readFamily(family)({ start: 0, origin, value: () => ({}) })
  const rollupDataPoints = windows.flatMap(({ from, to, times }) => {
    const value = isOfFamily ? rolledUp(type.id, uploaded, from, to) : undefined
    return value ? [{ ...times, [inAnswers(type)]: value }] : []
  })
  return json(200, { rollupDataPoints })
}

function refuseLongerThan({ id, longest }: DataType, days: number): void {
  if (days <= longest) return
  throw invalid(
    'INVALID_ROLLUP_QUERY_DURATION',
    `The range of a rollup of ${id} must not exceed ${longest} days.`,
    { maxDurationDays: String(longest) },
  )
}

function readBody(body: unknown, known: readonly string[]): Record<string, unknown> {
  if (!asObject(body)) throw invalid(undefined, 'Invalid JSON payload received.')
  return onlyKnown(body, known, '')
}

function readCivil(value: unknown, at: string): string {
  const { date, time } = onlyKnown(value, ['date', 'time'], at)
  const parts = onlyKnown(date, ['year', 'month', 'day'], `${at}.date`)
  const clock = onlyKnown(time ?? {}, ['hours', 'minutes', 'seconds', 'nanos'], `${at}.time`)
  if (Object.values(clock).some((part) => part !== 0))
    throw invalid(undefined, `${at} must be aligned with the aggregation window.`)
  const pad = (part: unknown, length: number) => String(part).padStart(length, '0')
  const text = `${pad(parts.year, 4)}-${pad(parts.month, 2)}-${pad(parts.day, 2)}`
  if (!isDate(text)) throw invalid(undefined, `${at} is not a date.`)
  return text
}

function readInstant(value: unknown, at: string): number {
  const written = typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)$/.test(value)
  const millis = written ? Date.parse(value) : Number.NaN
  if (Number.isNaN(millis)) throw invalid(undefined, `range.${at} must be an RFC 3339 timestamp.`)
  return millis / 1000
}

function readWindow(value: unknown): number {
  const seconds = typeof value === 'string' && /^\d+(?:\.\d+)?s$/.test(value) ? Number.parseFloat(value) : 0
  if (seconds < 1) throw invalid(undefined, 'window_size must be at least 1 second, written "3600s".')
  return seconds
}

function readWhole(value: unknown, name: string): number | undefined {
  if (value === undefined) return undefined
  if (!Number.isSafeInteger(value) || (value as number) < 0)
    throw invalid(undefined, `${name} must be a whole number.`)
  return value === 0 ? undefined : (value as number)
}
