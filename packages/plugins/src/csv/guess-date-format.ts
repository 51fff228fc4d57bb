import { createDateReader } from './read-date.ts'
import { type DateFormat, dateFormats, type Decimal } from './mapping.ts'

const readers = dateFormats.map((format) => [format, createDateReader(format)] as const)

/** How many cells can be read in each format. */
export function countDateFormats(cells: readonly string[]): Map<DateFormat, number> {
  return new Map(
    readers.map(([format, read]) => [
      format,
      cells.reduce((count, cell) => count + (read(cell) === undefined ? 0 : 1), 0),
    ]),
  )
}

/**
 * The format in which the most cells can be read. Where no day is past the twelfth, slashes are American unless decimals have
 * a comma.
 */
export function guessDateFormat(cells: readonly string[], decimal: Decimal): DateFormat {
  const counts = countDateFormats(cells)
  const preferred = decimal === ',' ? dateFormats.toSorted(dayBeforeMonth) : dateFormats
  return preferred.reduce((best, format) =>
    (counts.get(format) ?? 0) > (counts.get(best) ?? 0) ? format : best,
  )
}

function dayBeforeMonth(a: DateFormat, b: DateFormat): number {
  return Number(a === 'MM/DD/YYYY') - Number(b === 'MM/DD/YYYY')
}
