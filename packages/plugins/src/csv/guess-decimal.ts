import type { FileQuestion } from '@tributary/plugin-sdk'
import { type Column, shown } from './columns.ts'
import type { Decimal } from './mapping.ts'
import { createNumberReader } from './read-number.ts'
import { splitUnit } from './units.ts'

const readPoint = createNumberReader('.')
const readComma = createNumberReader(',')

export interface DecimalGuess {
  decimal: Decimal
  question: FileQuestion | undefined
}

interface Evidence {
  /** Cells that are a number with one of the two signs only. */
  points: number
  commas: number
  /** The first cell that is another number with each. */
  unclear: { column: string; cell: string } | undefined
}

/**
 * The decimal sign by the cells that are a number with one of the two only (`71,4`, and not `8.421`). Where none is, and some
 * are another number with each, that is a question.
 */
export function guessDecimal(
  columns: readonly Column[],
  { commaUsual, earlier }: { commaUsual: boolean; earlier: Decimal | undefined },
): DecimalGuess {
  const { points, commas, unclear } = gather(columns)
  const usual = earlier ?? (commaUsual ? ',' : '.')
  const decimal = points === commas ? usual : commas > points ? ',' : '.'
  const decided = unclear === undefined || points > 0 !== commas > 0 || earlier !== undefined
  return { decimal, question: decided ? undefined : decimalQuestion(unclear, decimal) }
}

function gather(columns: readonly Column[]): Evidence {
  const evidence: Evidence = { points: 0, commas: 0, unclear: undefined }
  for (const { name, cells } of columns) {
    for (const cell of cells) {
      const text = splitUnit(cell)?.number ?? cell
      const [point, comma] = [readPoint(text), readComma(text)]
      if (point === comma) continue
      if (point === undefined) evidence.commas += 1
      else if (comma === undefined) evidence.points += 1
      else evidence.unclear ??= { column: name, cell }
    }
  }
  return evidence
}

function decimalQuestion({ column, cell }: { column: string; cell: string }, first: Decimal): FileQuestion {
  const text = splitUnit(cell)?.number ?? cell
  const choice = (decimal: Decimal) => ({
    value: decimal,
    example: `${shown(text)} is ${decimal === '.' ? readPoint(text) : readComma(text)}`,
    set: { '/decimal': decimal },
  })
  return {
    column,
    question: `Which number is "${shown(cell)}" in “${shown(column)}”?`,
    choices: [choice(first), choice(first === '.' ? ',' : '.')],
  }
}
