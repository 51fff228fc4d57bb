import { type FileQuestion, ImportError } from '@tributary/plugin-sdk'
import { type Column, shown } from './columns.ts'
import { type DateFormat, dateFormats } from './date-formats.ts'
import { createDateReader } from './read-date.ts'

export interface DateFormatGuess {
  dateFormat: DateFormat
  question: FileQuestion | undefined
}

/** What may decide between formats that read the same cells. */
export interface DateHints {
  /** The format that files of the same kind were read in. */
  earlier: DateFormat | undefined
  /** Whether the file is written as where days stand before months. */
  dayFirst: boolean
  /** Whether the cells are all that the file has. */
  whole: boolean
}

/** A format is one only if it reads so many of the cells that are dates at all. */
const leastShare = 0.9

/**
 * The format in which the dates of a column are written, and a question where the cells are dates in several orders of day,
 * month and year. Throws `ImportError` where no format reads them.
 */
export function guessDateFormat(column: Column, hints: DateHints): DateFormatGuess {
  const { formats, dates } = column.dates
  const most = Math.max(...formats.values())
  if (most < leastShare * dates) throw severalFormats(column)
  // One day after the twelfth decides; where cells contradict each other, no format reads all.
  const least = most === dates ? dates : leastShare * dates
  const found = dateFormats.filter((format) => (formats.get(format) ?? 0) >= least)
  const usual = found.filter((format) => !(format === 'MM.DD.YYYY' && found.includes('DD.MM.YYYY')))
  const possible = withoutLeaps(usual, column.cells)
  const [first = 'YYYY-MM-DD', ...others] = possible
  if (others.length === 0) return { dateFormat: first, question: undefined }
  if (hints.earlier && possible.includes(hints.earlier))
    return { dateFormat: hints.earlier, question: undefined }
  const ordered = possible.toSorted((a, b) => place(a, hints.dayFirst) - place(b, hints.dayFirst))
  const example = column.cells.find((cell) => differs(cell, ordered))
  const dateFormat = ordered[0] ?? first
  if (example === undefined && hints.whole) return { dateFormat, question: undefined }
  return { dateFormat, question: orderQuestion(column.name, example ?? column.cells[0] ?? '', ordered) }
}

/** Without the formats by which each row is a year or more from the next, where by another they are days apart. */
function withoutLeaps(formats: DateFormat[], cells: readonly string[]): DateFormat[] {
  const near = formats.filter((format) => !leaps(format, cells))
  return near.length > 0 ? near : formats
}

function leaps(format: DateFormat, cells: readonly string[]): boolean {
  const read = createDateReader(format)
  const days = [...new Set(cells.map((cell) => read(cell)?.midnight).filter((day) => day !== undefined))]
  const gaps = days.slice(1).map((day, at) => Math.abs(day - (days[at] ?? 0)))
  return gaps.length > 0 && Math.min(...gaps) >= 300 * 24 * 3_600_000
}

function orderQuestion(column: string, cell: string, formats: DateFormat[]): FileQuestion {
  return {
    column,
    question: `Which day is "${shown(cell)}" in “${shown(column)}”?`,
    choices: formats.map((format) => ({
      value: format,
      example: `${shown(cell)} is ${inWords(cell, format)}`,
      set: { '/dateFormat': format },
    })),
  }
}

/** A day as nobody can misread it. */
function inWords(cell: string, format: DateFormat): string {
  const date = createDateReader(format)(cell)?.date
  if (date === undefined) return format
  return new Date(date).toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  })
}

/** Whether a cell is another day in each format. */
function differs(cell: string, formats: readonly DateFormat[]): boolean {
  const days = formats.map((format) => createDateReader(format)(cell)?.date)
  return new Set(days).size === formats.length
}

function place(format: DateFormat, dayFirst: boolean): number {
  if (format.startsWith('YY')) return 2
  return format.startsWith('DD') === dayFirst ? 0 : 1
}

function severalFormats({ name, cells, dates }: Column): ImportError {
  const named = dateFormats.filter((format) => dates.formats.has(format))
  const examples = named.flatMap((format) => cells.find((cell) => createDateReader(format)(cell)) ?? [])
  const [one = '', other = ''] = new Set(examples)
  return new ImportError(
    'bad-record',
    `The dates in “${shown(name)}” are written in several ways, such as "${shown(one)}" and "${shown(other)}"; write all as 2026-11-18.`,
  )
}
