import { type DateFormat, longestDate } from './date-formats.ts'
import { monthOf, withoutWeekday } from './month-names.ts'
import { type ClockTime, readClockAfterDate } from './read-clock.ts'

/** A day, and a time of day where the cell has one. */
export interface CellDate extends Partial<ClockTime> {
  /** `YYYY-MM-DD` */
  date: string
  /** The day's midnight as if it were in UTC, in milliseconds since 1970. */
  midnight: number
}

/** Reads a trimmed cell as a date; `undefined` where it is none. */
export type DateReader = (cell: string) => CellDate | undefined

/** Makes the reader of dates in a format, from 1900 to 2199. */
export function createDateReader(format: DateFormat): DateReader {
  if (format === 'unix-seconds') return epochReader(/^\d{9,10}(?:[.,]\d{1,6})?$/, 1000)
  if (format === 'unix-milliseconds') return epochReader(/^\d{12,13}(?:[.,]\d{1,6})?$/, 1)
  const readDay = format.includes('MMM') ? namedReader(format) : numericReader(format)
  const read = (cell: string): CellDate | undefined => {
    const day = readDay(cell)
    return day && withClock(day.date, cell.slice(day.length))
  }
  return (cell) => {
    if (cell.length > longestDate) return undefined
    const found = read(cell)
    if (found) return found
    const rest = withoutWeekday(cell)
    return rest === cell ? undefined : read(rest)
  }
}

/** A date at the start of a text, and how long it is. */
type DayReader = (text: string) => { date: CellDate; length: number } | undefined

const year = String.raw`(19\d\d|2[01]\d\d)`

function numericReader(format: DateFormat): DayReader {
  const digits = format === 'YYYYMMDD' ? '2' : '1,2'
  const day = format
    .replaceAll('.', String.raw`\.\s?`)
    .replace('YYYY', year)
    .replace('YY', String.raw`(\d\d)`)
    .replaceAll(/MM|DD/g, String.raw`(\d{${digits}})`)
  const shape = new RegExp(`^${day}(?!\\d)`)
  const order: readonly string[] = format.match(/YY(?:YY)?|MM|DD/g) ?? []
  const yearAt = order.findIndex((part) => part.startsWith('Y')) + 1
  const [monthAt, dayAt] = [order.indexOf('MM') + 1, order.indexOf('DD') + 1]
  return (text) => {
    const match = shape.exec(text)
    if (!match) return undefined
    const date = dateOf(fullYear(match[yearAt] ?? ''), Number(match[monthAt]), Number(match[dayAt]))
    return date && { date, length: match[0].length }
  }
}

const dayPart = String.raw`(\d{1,2})(?:st|nd|rd|th|[.ºª])?`
const namePart = String.raw`([\p{L}\p{M}]{3,12})\.?`
const between = String.raw`(?:[\s,./-]{0,3}(?:de|del|di|of)?[\s,./-]{0,3})`
const namedShapes: Record<string, RegExp> = {
  'DD MMM YYYY': new RegExp(`^${dayPart}${between}${namePart}${between}${year}(?!\\d)`, 'iu'),
  'DD MMM YY': new RegExp(`^${dayPart}${between}${namePart}${between}’?'?(\\d\\d)(?!\\d)`, 'iu'),
  'MMM DD YYYY': new RegExp(`^${namePart}${between}${dayPart}${between}${year}(?!\\d)`, 'iu'),
  'YYYY MMM DD': new RegExp(`^${year}${between}${namePart}${between}${dayPart}(?!\\d)`, 'iu'),
}

function namedReader(format: DateFormat): DayReader {
  const shape = namedShapes[format] ?? /^$/
  const order = format.split(' ')
  return (text) => {
    const match = shape.exec(text)
    if (!match) return undefined
    const part = (name: string): string => match[order.findIndex((one) => one.startsWith(name)) + 1] ?? ''
    const month = monthOf(part('MMM'))
    const date = month && dateOf(fullYear(part('YY')), month, Number(part('DD')))
    return date ? { date, length: match[0].length } : undefined
  }
}

function epochReader(shape: RegExp, milliseconds: number): DateReader {
  return (cell) => {
    if (!shape.test(cell)) return undefined
    const at = Math.trunc(Number(cell.replace(',', '.')) * milliseconds + 1e-6)
    const time = ((at % dayLength) + dayLength) % dayLength
    const midnight = at - time
    return { date: new Date(midnight).toISOString().slice(0, 10), midnight, time, offset: 0 }
  }
}

const dayLength = 24 * 3_600_000

/** Two digits are a year from 1970 to 2069. */
function fullYear(digits: string): number {
  const number = Number(digits)
  if (digits.length > 2) return number
  return number < 70 ? 2000 + number : 1900 + number
}

function dateOf(year: number, month: number, day: number): CellDate | undefined {
  const midnight = Date.UTC(year, month - 1, day)
  // A month or day too many would have moved on into the next.
  const there = new Date(midnight)
  if (there.getUTCMonth() !== month - 1 || there.getUTCDate() !== day) return undefined
  return { date: `${year}-${pad(month)}-${pad(day)}`, midnight }
}

function withClock(day: CellDate, rest: string): CellDate | undefined {
  if (rest === '') return day
  const clock = readClockAfterDate(rest)
  return clock && atClock(day, clock)
}

/** A day at a time of it; 24:00 is the start of the next day. */
export function atClock(day: CellDate, clock: ClockTime): CellDate {
  if (clock.time < dayLength) return { ...day, ...clock }
  const midnight = day.midnight + dayLength
  return { date: new Date(midnight).toISOString().slice(0, 10), midnight, ...clock, time: 0 }
}

function pad(number: number): string {
  return number < 10 ? `0${number}` : `${number}`
}
