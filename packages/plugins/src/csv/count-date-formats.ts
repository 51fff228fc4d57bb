import { type DateFormat, dateFormats, possibleFormats } from './date-formats.ts'
import { createDateReader, type DateReader } from './read-date.ts'

const readers = new Map<DateFormat, DateReader>(
  dateFormats.map((format) => [format, createDateReader(format)]),
)

/** The formats in which a trimmed cell is a date. */
export function formatsOf(cell: string): DateFormat[] {
  return possibleFormats(cell).filter((format) => readers.get(format)?.(cell) !== undefined)
}

/** Whether a trimmed cell is a date in any format; seconds since 1970 may be any number, and are none here. */
export function isDate(cell: string): boolean {
  return formatsOf(cell).some((format) => !format.startsWith('unix'))
}

export interface DateCount {
  /** How many cells can be read in each format. */
  formats: Map<DateFormat, number>
  /** How many can be read in any. */
  dates: number
}

/** How many cells are dates, and in which formats. */
export function countDateFormats(cells: readonly string[]): DateCount {
  const formats = new Map<DateFormat, number>()
  let dates = 0
  for (const cell of cells) {
    const found = formatsOf(cell)
    dates += Number(found.length > 0)
    for (const format of found) formats.set(format, (formats.get(format) ?? 0) + 1)
  }
  return { formats, dates }
}
