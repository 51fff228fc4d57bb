import type { DateFormat } from './mapping.ts'
import { hourOf } from './read-clock.ts'

/** A day, and a time of day where the cell has one. */
export interface CellDate {
  /** `YYYY-MM-DD` */
  date: string
  /** The day's midnight as if it were in UTC, in milliseconds since 1970. */
  midnight: number
  /** Milliseconds since midnight. */
  time?: number
  /** How far the clock is ahead of UTC, in milliseconds. */
  offset?: number
}

/** Reads a trimmed cell as a date; `undefined` where it is none. */
export type DateReader = (cell: string) => CellDate | undefined

const clock = String.raw`(?:T|,?\s+)(\d{1,2}):([0-5]\d)(?::([0-5]\d)(?:[.,](\d{1,9}))?)?(?:\s?([ap])\.?m\.?)?`
const zone = String.raw`(Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)`

/** Makes the reader of dates in a format, from 1900 to 2199. */
export function createDateReader(format: DateFormat): DateReader {
  const digits = format === 'YYYYMMDD' ? '2' : '1,2'
  const day = format
    .replaceAll(/[./]/g, String.raw`\$&`)
    .replace('YYYY', String.raw`(19\d\d|2[01]\d\d)`)
    .replaceAll(/MM|DD/g, String.raw`(\d{${digits}})`)
  const shape = new RegExp(`^${day}(?:${clock}(?:\\s?${zone})?)?$`, 'i')
  const order: readonly string[] = format.match(/YYYY|MM|DD/g) ?? []
  const [year, month, date] = [order.indexOf('YYYY') + 1, order.indexOf('MM') + 1, order.indexOf('DD') + 1]

  return (cell) => {
    const match = shape.exec(cell)
    if (!match) return undefined
    const found = dateOf(Number(match[year]), Number(match[month]), Number(match[date]))
    if (!found || match[4] === undefined) return found
    const time = timeOf(match)
    if (time === undefined) return undefined
    const offset = match[9] === undefined ? undefined : offsetOf(match[9])
    return { ...found, time, ...(offset !== undefined && { offset }) }
  }
}

function dateOf(year: number, month: number, day: number): CellDate | undefined {
  const midnight = Date.UTC(year, month - 1, day)
  // A month or day too many would have moved on into the next.
  const there = new Date(midnight)
  if (there.getUTCMonth() !== month - 1 || there.getUTCDate() !== day) return undefined
  return { date: `${year}-${pad(month)}-${pad(day)}`, midnight }
}

function pad(number: number): string {
  return number < 10 ? `0${number}` : `${number}`
}

function timeOf(match: RegExpExecArray): number | undefined {
  const [hours, minutes, seconds = '0', fraction = '0', half] = match.slice(4)
  const hour = half ? hourOf(Number(hours), half) : Number(hours)
  if (hour === undefined || hour > 23) return undefined
  return (hour * 60 + Number(minutes)) * 60_000 + Math.trunc(Number(`${seconds}.${fraction}`) * 1000 + 1e-6)
}

function offsetOf(text: string): number {
  const [, sign, hours, minutes = '0'] = /([+-])(\d\d):?(\d\d)?/.exec(text) ?? ['', '+', '0']
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000
}
