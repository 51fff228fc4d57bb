import {
  type DailyRecord,
  type Field,
  type FieldValue,
  implausibility,
  isDailyRecord,
  isRejected,
  type MappedRecord,
  type MappedRecords,
  type Measurement,
  type PluginDeclaration,
  type Window,
} from '@tributary/plugin-sdk'
import { localDay } from '../domain/clock.ts'
import { fieldsOf } from '../sources/data-types.ts'
import { instantsOf } from '../calendar/day-starts.ts'
import { MeasurementColumns } from './measurement-columns.ts'
import { readValue } from './read-value.ts'
import type { RejectionCode } from '../domain/rejection-code.ts'

/** A series, as records name it. */
export interface SeriesName {
  field: string
  dimension: string
  origin: string
}

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
      const { dimension = '', origin = '' } = record
      checkText(dimension)
      checkText(origin)
      if (Buffer.byteLength(dimension) + Buffer.byteLength(origin) > longestNames)
        throw new TypeError('its names are too long')
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

/** Gives each series that records name its position in a list. */
function seriesNames(fields: Record<string, Field>) {
  const list: SeriesName[] = []
  const positions = new Map<string, number>()
  let last = { id: '', dimension: '', origin: '', series: -1, field: undefined as Field | undefined }
  return {
    list,
    find(id: string, dimension: string, origin: string): { series: number; field: Field } {
      if (last.field && last.id === id && last.dimension === dimension && last.origin === origin)
        return last as { series: number; field: Field }
      const field = Object.hasOwn(fields, id) ? fields[id] : undefined
      if (!field) throw new TypeError(`there is no field "${id}"`)
      const key = JSON.stringify([id, dimension, origin])
      let series = positions.get(key)
      if (series === undefined) {
        series = list.push({ field: id, dimension, origin }) - 1
        positions.set(key, series)
      }
      last = { id, dimension, origin, series, field }
      return { series, field }
    },
  }
}

/** Bytes: an index of the database takes no much longer keys. */
const longestNames = 1500

/** PostgreSQL takes no zero byte and no half of a character; one such record must not keep the others out. */
function checkText(text: string): void {
  if (text.includes('\0') || !text.isWellFormed()) throw new TypeError('its text is no text')
}

/** The days of which a record speaks, whatever else of it cannot be read. */
function daysOf(record: MappedRecord, zone: string): string[] {
  try {
    if (isDailyRecord(record)) return [dayOf(record.date)]
    const times = [milliseconds(record.start), milliseconds(record.end ?? record.start)]
    return times.map((time) => localDayAt(time, zone))
  } catch {
    return ['all']
  }
}

/** The days that a rejected record names; `all` where it names none, or one that is no day. */
function namedDays(dates: string[] | undefined): string[] {
  try {
    return dates && dates.length > 0 ? dates.map(dayOf) : ['all']
  } catch {
    return ['all']
  }
}

function localDayAt(time: number, zone: string): string {
  return localDay(Temporal.Instant.fromEpochMilliseconds(Math.floor(time)), zone)
}

/** A day with four digits for its year, as it is written everywhere. */
function dayOf(text: string): string {
  const date = Temporal.PlainDate.from(text)
  if (date.year < 1 || date.year > 9999) throw new TypeError('its day is no day')
  return date.toString()
}

/** PostgreSQL's times begin in 4713 BC. */
const farthestMs = 2e14

/** Milliseconds since 1970, to the microsecond, which is what PostgreSQL keeps. */
function milliseconds(time: string | number): number {
  const value =
    typeof time === 'number' ? time : Number(Temporal.Instant.from(time).epochNanoseconds / 1000n) / 1000
  if (!(Math.abs(value) < farthestMs)) throw new TypeError('its time is no time')
  return Number.isInteger(value) ? value : Math.round(value * 1000) / 1000
}
