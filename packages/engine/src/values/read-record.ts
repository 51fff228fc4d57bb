import { isDailyRecord, type MappedRecord } from '@tributary/plugin-sdk'
import { localDay } from '../domain/clock.ts'

/** Bytes: an index of the database takes no much longer keys. */
const longestNames = 1500

/** PostgreSQL takes no zero byte and no half of a character; one such record must not keep the others out. */
export function checkText(text: string): void {
  if (text.includes('\0') || !text.isWellFormed()) throw new TypeError('its text is no text')
}

/** The days of which a record speaks, whatever else of it cannot be read. */
export function daysOf(record: MappedRecord, zone: string): string[] {
  try {
    if (isDailyRecord(record)) return [dayOf(record.date)]
    const times = [milliseconds(record.start), milliseconds(record.end ?? record.start)]
    return times.map((time) => localDayAt(time, zone))
  } catch {
    return ['all']
  }
}

/** The days that a rejected record names; `all` where it names none, or one that is no day. */
export function namedDays(dates: string[] | undefined): string[] {
  try {
    return dates && dates.length > 0 ? dates.map(dayOf) : ['all']
  } catch {
    return ['all']
  }
}

export function localDayAt(time: number, zone: string): string {
  return localDay(Temporal.Instant.fromEpochMilliseconds(Math.floor(time)), zone)
}

/** A day with four digits for its year, as it is written everywhere. */
export function dayOf(text: string): string {
  const date = Temporal.PlainDate.from(text)
  if (date.year < 1 || date.year > 9999) throw new TypeError('its day is no day')
  return date.toString()
}

/** PostgreSQL's times begin in 4713 BC. */
const farthestMs = 2e14

/** Milliseconds since 1970, to the microsecond, which is what PostgreSQL keeps. */
export function milliseconds(time: string | number): number {
  const value =
    typeof time === 'number' ? time : Number(Temporal.Instant.from(time).epochNanoseconds / 1000n) / 1000
  if (!(Math.abs(value) < farthestMs)) throw new TypeError('its time is no time')
  return Number.isInteger(value) ? value : Math.round(value * 1000) / 1000
}

/** Throws where the names of a record cannot be stored. */
export function checkNames({ dimension = '', origin = '' }: MappedRecord): void {
  checkText(dimension)
  checkText(origin)
  if (Buffer.byteLength(dimension) + Buffer.byteLength(origin) > longestNames)
    throw new TypeError('its names are too long')
}
