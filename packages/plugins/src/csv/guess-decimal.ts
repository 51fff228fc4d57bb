import type { Decimal, Delimiter } from './mapping.ts'
import { createNumberReader } from './read-number.ts'

const readPoint = createNumberReader('.')
const readComma = createNumberReader(',')

/**
 * The decimal sign by the cells that are a number with one of the two only (`71,4`, and not `8.421`). Where none is, files
 * with semicolons or with dates like `18.11.2026` come from where decimals have a comma.
 */
export function guessDecimal(cells: Iterable<string>, delimiter: Delimiter, dottedDates: boolean): Decimal {
  let commas = 0
  for (const cell of cells) {
    const point = readPoint(cell) !== undefined
    const comma = readComma(cell) !== undefined
    commas += Number(comma) - Number(point)
  }
  if (commas === 0) return delimiter === ';' || dottedDates ? ',' : '.'
  return commas > 0 ? ',' : '.'
}
