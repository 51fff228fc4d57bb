import { monthOf, withoutWeekday } from './month-names.ts'

/**
 * How a day is written. With separators, days and months may have one digit; `MMM` is a month's name or abbreviation, `YY` a
 * year from 1970 to 2069. A time of day may follow each.
 */
export const dateFormats = [
  'YYYY-MM-DD',
  'YYYY/MM/DD',
  'YYYY.MM.DD',
  'YYYYMMDD',
  'DD.MM.YYYY',
  'MM.DD.YYYY',
  'DD/MM/YYYY',
  'MM/DD/YYYY',
  'DD-MM-YYYY',
  'MM-DD-YYYY',
  'DD.MM.YY',
  'DD/MM/YY',
  'MM/DD/YY',
  'YY/MM/DD',
  'DD-MM-YY',
  'MM-DD-YY',
  'YY-MM-DD',
  'DD MMM YYYY',
  'MMM DD YYYY',
  'YYYY MMM DD',
  'DD MMM YY',
  'unix-seconds',
  'unix-milliseconds',
] as const
export type DateFormat = (typeof dateFormats)[number]

const named = dateFormats.filter((format) => format.includes('MMM'))
const plain = dateFormats.filter((format) => !format.includes('MMM'))
/** Formats by the first sign after their first number. */
const bySeparator = new Map(
  ['-', '/', '.'].map((separator) => [separator, plain.filter((format) => format.includes(separator))]),
)
const digitsOnly = /^\d{8}(?:\D|$)/
const epoch = /^\d{9,13}(?:[.,]\d{1,6})?$/

/** The formats that a trimmed cell may be written in, by its first characters; none for most cells that are no dates. */
export function possibleFormats(cell: string): readonly DateFormat[] {
  if (cell.length < 6 || cell.length > longestDate) return []
  const separator = /^\d{1,4}(\D)/.exec(cell)?.[1]
  const numeric = separator === undefined ? undefined : bySeparator.get(separator)
  if (digitsOnly.test(cell)) return ['YYYYMMDD']
  if (epoch.test(cell)) return ['unix-seconds', 'unix-milliseconds']
  if (!/\d/.test(cell)) return []
  if (/^\p{L}/u.test(cell)) {
    if (monthOf(/^[\p{L}\p{M}]+/u.exec(cell)?.[0] ?? '')) return named
    const rest = withoutWeekday(cell)
    return rest === cell ? [] : possibleFormats(rest)
  }
  return /\p{L}{3}/u.test(cell) ? [...named, ...(numeric ?? [])] : (numeric ?? [])
}

/** Of a cell that may be a date. */
export const longestDate = 80
