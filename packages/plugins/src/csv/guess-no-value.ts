import type { FileQuestion } from '@tributary/plugin-sdk'
import { shown, wordsOf } from './columns.ts'
import type { CsvColumn, Decimal } from './mapping.ts'
import { createNumberReader } from './read-number.ts'

/** Numbers that programs write where they have no value. */
const marks = new Set([-1, -9, -99, -999, -9999, -99_999, 2_147_483_647, 4_294_967_295])
const surelyNone = -1_000_000
/** What goes below zero. */
const signed =
  /temp|deviation|differ|change|delta|balance|bilanz|debt|offset|adjust|trend|latitude|longitude|altitude|elevation|altura|höhe/

/**
 * The cell that may say that there is no value, such as -1 in a column of counts; `undefined` where there is none: all other
 * numbers of the column are zero or more.
 */
export function findNoValue(
  column: CsvColumn,
  cells: readonly string[],
  decimal: Decimal,
): string | undefined {
  if (column.type !== 'number' || signed.test(wordsOf(column.column))) return undefined
  const read = createNumberReader(decimal)
  let found: string | undefined
  for (const cell of cells) {
    const number = read(cell)
    if (number === undefined || cell === found) continue
    const mark = marks.has(number) || number <= surelyNone
    if (!mark && number >= 0) continue
    if (!mark || found !== undefined) return undefined
    found = cell
  }
  return found
}

export function noValueQuestion(at: number, { column, noValue = '' }: CsvColumn): FileQuestion {
  const set = (cell: string) => ({ [`/columns/${at}/noValue`]: cell })
  return {
    column,
    question: `Is "${shown(noValue)}" in “${shown(column)}” a value?`,
    choices: [
      { value: 'none', example: `"${shown(noValue)}" says that there is no value`, set: set(noValue) },
      { value: 'value', example: `"${shown(noValue)}" is a value like the others`, set: set('') },
    ],
  }
}
