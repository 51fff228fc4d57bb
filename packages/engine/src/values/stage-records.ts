import {
  type DailyRecord,
  type Field,
  type FieldValue,
  implausibility,
  isDailyRecord,
  isRejected,
  type MappedRecords,
  type Measurement,
  type PluginDeclaration,
  type Window,
} from '@tributary/plugin-sdk'
import { fieldsOf } from '../sources/data-types.ts'
import { instantsOf } from '../calendar/day-starts.ts'
import { MeasurementColumns } from './measurement-columns.ts'
import { checkNames, checkText, dayOf, daysOf, localDayAt, milliseconds, namedDays } from './read-record.ts'
import { readValue } from './read-value.ts'
import { type SeriesName, seriesNames } from './series-names.ts'
import type { RejectionCode } from '../domain/rejection-code.ts'

export interface StagedDay {
  /** Position in `series`. */
  series: number
  day: string
  value: number | null
  text: string | null
}

/** A record, or one value of it, that is not stored. */
export interface Rejection {
  code: RejectionCode
  reason: string
  record: unknown
  page: number | undefined
}

/** Records of one window or upload, checked and ready to be written. */
export interface Staged {
  series: SeriesName[]
  days: StagedDay[]
  measurements: MeasurementColumns
  /** The first of each code; `rejected` counts all. */
  rejections: Rejection[]
  rejected: Record<RejectionCode, number>
  /** The days of which unreadable records speak; `all` where one of them does not say. */
  unreadableDays: string[] | 'all'
  /** The days of implausible values: the source was asked and has no value of them, and what is stored may go. */
  implausibleDays: string[]
  /** Days on which the source is still at work. */
  unsettled: string[]
  read: number
  /** Single values found in the records, repetitions among them. */
  values: number
  /** Values that a later record of the same series and day, or of the same instant, replaced by another value. */
  setAside: number
}

/** What records may hold: the fields of a stream or an upload, and the days that were asked for. */
export interface Expected {
  fields: Record<string, Field>
  days?: { from: string; to: string; zone: string }
  /** The page that the mapping reads now, where that is known. */
  page?(): number | undefined
}

/** The fields of a window's data type, within its days. */
export function expectedOf(plugin: PluginDeclaration, window: Window, zone: string): Expected {
  const fields = Object.fromEntries(
    fieldsOf(plugin, window).flatMap((id) => (plugin.fields[id] ? [[id, plugin.fields[id]]] : [])),
  )
  return { fields, days: { from: window.from, to: window.to, zone } }
}

/** Of each code. */
const keptRejections = 1000
/** The longest that a measurement lasts which belongs to the day of its end: by its start it is found no farther from there. */
export const longestMs = 48 * 3_600_000

/**
 * Checks mapped records against the expected fields: a bad record is rejected with its reason, the others are staged. Of
 * several different records of one series and day, or instant, the later one replaces the earlier one, as sources repeat
 * and correct themselves from page to page; `setAside` counts the replaced ones.
 */
export async function stageRecords(expected: Expected, records: MappedRecords): Promise<Staged> {
  const checked = await checkRecords(expected, records)
  const { days, replaced } = lastOfEachDay(checked.days)
  return { ...checked, days, setAside: replaced + checked.measurements.makeDistinct() }
}

function lastOfEachDay(days: StagedDay[]): { days: StagedDay[]; replaced: number } {
  const last = new Map<string, StagedDay>()
  let replaced = 0
  for (const day of days) {
    const key = `${day.series} ${day.day}`
    const before = last.get(key)
    if (before && (before.value !== day.value || before.text !== day.text)) replaced += 1
    last.set(key, day)
  }
  return { days: [...last.values()], replaced }
}

/** As `stageRecords`, with all records of one series and day, or instant, in their order. */
export async function checkRecords(
  { fields, days: asked, page }: Expected,
  records: MappedRecords,
): Promise<Staged> {
  const names = seriesNames(fields)
  const days: StagedDay[] = []
  const measurements = new MeasurementColumns()
  const rejections: Rejection[] = []
  const instants = asked ? instantsOf(asked, asked.zone) : { start: -Infinity, end: Infinity }
  const zone = asked?.zone ?? 'UTC'
  const unsettled = new Set<string>()
  const unreadableDays = new Set<string>()
  const implausibleDays = new Set<string>()
  const rejected = { unreadable: 0, implausible: 0 }
  let read = 0

  function reject(code: RejectionCode, reason: string, record: unknown): void {
    rejected[code] += 1
    if (rejected[code] <= keptRejections) rejections.push({ code, reason, record, page: page?.() })
  }

  function stageDay(record: DailyRecord, id: string, value: FieldValue, date: string): void {
    const { series, field } = names.find(id, record.dimension ?? '', record.origin ?? '')
    const stored = readValue(field, value)
    if (stored === null) return
    const text = typeof stored === 'string'
    if (text) checkText(stored)
    const reason = text ? undefined : implausibility(field, stored)
    if (reason !== undefined) {
      implausibleDays.add(date)
      reject('implausible', reason, record)
      return
    }
    days.push({ series, day: date, value: text ? null : stored, text: text ? stored : null })
  }

  function stageMeasurement(record: Measurement): void {
    const { series, field } = names.find(record.field, record.dimension ?? '', record.origin ?? '')
    const value = readValue(field, record.value)
    if (typeof value !== 'number') throw new TypeError('a measurement is a number')
    const start = milliseconds(record.start)
    const end = record.end === undefined ? start : milliseconds(record.end)
    if (end < start) throw new TypeError('it ends before it starts')
    if (field.belongsTo === 'end' && end - start > longestMs)
      throw new TypeError('it lasts longer than two days')
    const belongs = field.belongsTo === 'end' ? end : start
    if (belongs < instants.start || belongs >= instants.end) return
    const reason = implausibility(field, value)
    if (reason === undefined) measurements.add(series, start, end, value)
    else {
      implausibleDays.add(localDayAt(belongs, zone))
      reject('implausible', reason, record)
    }
  }

  function rejectUnreadable(reason: string, record: unknown, dates: string[]): void {
    for (const date of dates) unreadableDays.add(date)
    reject('unreadable', reason, record)
  }

  for await (const record of records) {
    read += 1
    if (isRejected(record)) {
      const dates = namedDays(record.dates)
      const isAsked = dates.some(
        (date) => !asked || date === 'all' || (date >= asked.from && date <= asked.to),
      )
      if (isAsked) rejectUnreadable(String(record.rejected), record.record, dates)
      continue
    }
    try {
      checkNames(record)
      if (isDailyRecord(record)) {
        const date = dayOf(record.date)
        // Some sources give the neighbours of the days that were asked for.
        if (asked && (date < asked.from || date > asked.to)) continue
        if (record.unsettled) unsettled.add(date)
        for (const [id, value] of Object.entries(record.fields)) stageDay(record, id, value, date)
      } else stageMeasurement(record)
    } catch (error) {
      rejectUnreadable((error as Error).message, record, daysOf(record, zone))
    }
  }
  return {
    series: names.list,
    days,
    measurements,
    rejections,
    rejected,
    unreadableDays: unreadableDays.has('all') ? 'all' : [...unreadableDays],
    implausibleDays: [...implausibleDays],
    unsettled: [...unsettled],
    read,
    values: days.length + measurements.length,
    setAside: 0,
  }
}

/** How many records and values were rejected, for whatever reason. */
export function countRejected({ rejected }: Pick<Staged, 'rejected'>): number {
  return rejected.unreadable + rejected.implausible
}
