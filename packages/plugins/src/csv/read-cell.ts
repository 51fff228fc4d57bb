import { isNone, isNoNumber } from './is-none.ts'
import { type CsvColumn, type Decimal } from './mapping.ts'
import { readTime } from './read-clock.ts'
import { createDurationReader, secondsOf } from './read-duration.ts'
import { createNumberReader } from './read-number.ts'
import { splitUnit } from './units.ts'

/** Reads a trimmed cell: its stored value, `null` where it has none, or what it is not. */
export type ColumnReader = (cell: string) => number | string | null | { not: string }

/** Makes the reader of a column's cells. */
export function createColumnReader(column: CsvColumn, decimal: Decimal): ColumnReader {
  const { type, noValue } = column
  if (type === 'text') return (cell) => (isNone(cell) ? null : cell)
  const read = valueReader(column, decimal)
  return (cell) => (isNoNumber(cell) || cell === noValue ? null : read(cell))
}

function valueReader(column: CsvColumn, decimal: Decimal): (cell: string) => number | { not: string } {
  if (column.type === 'number') return numberReader(column, decimal)
  if (column.type === 'time') return (cell) => readTime(cell) ?? { not: 'no time of day' }
  return durationReader(column, decimal)
}

/** Where cells have units, all must have the same one, which the mapping says; only a zero is the same in all. */
function numberReader(
  { unit, unitText }: CsvColumn,
  decimal: Decimal,
): (cell: string) => number | { not: string } {
  const readNumber = createNumberReader(decimal)
  return (cell) => {
    const plain = readNumber(cell)
    if (plain !== undefined)
      return unitText === undefined || plain === 0 ? plain : { not: `not in ${unitText}` }
    const found = splitUnit(cell)
    const number = found && readNumber(found.number)
    if (found === undefined || number === undefined) return { not: 'no number' }
    if (found.unit === unit || found.text === unitText) return number
    return { not: unit === undefined || unit === '1' ? 'no number' : `not in ${unitText ?? unit}` }
  }
}

function durationReader(
  { type, unit }: CsvColumn,
  decimal: Decimal,
): (cell: string) => number | { not: string } {
  const readNumber = createNumberReader(decimal)
  const readDuration = createDurationReader(decimal, type === 'stopwatch' ? 'm:ss' : 'h:mm')
  return (cell) => {
    const number = readNumber(cell)
    const seconds =
      number === undefined ? readDuration(cell) : number === 0 ? 0 : unit && secondsOf(number, unit)
    return typeof seconds === 'number' ? seconds : { not: 'no duration' }
  }
}
