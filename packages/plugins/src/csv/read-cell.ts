import { isNone } from './is-none.ts'
import { type CsvColumn, type Decimal, durationUnits } from './mapping.ts'
import { readDuration, readTime } from './read-clock.ts'
import { createNumberReader } from './read-number.ts'

/** Reads a trimmed cell: its stored value, `null` where it has none, or what it is not. */
export type ColumnReader = (cell: string) => number | string | null | { not: string }

/** Makes the reader of a column's cells. */
export function createColumnReader({ type, unit = 's' }: CsvColumn, decimal: Decimal): ColumnReader {
  if (type === 'text') return (cell) => (isNone(cell) ? null : cell)
  const readNumber = createNumberReader(decimal)
  const seconds = durationUnits[unit] ?? 1
  const read = {
    number: readNumber,
    time: readTime,
    duration(cell: string): number | undefined {
      const number = readNumber(cell)
      return number === undefined ? readDuration(cell) : number < 0 ? undefined : number * seconds
    },
  }[type]
  const not = { number: 'no number', duration: 'no duration', time: 'no time of day' }[type]
  return (cell) => (isNone(cell) ? null : (read(cell) ?? { not }))
}
