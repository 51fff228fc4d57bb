import { type Column, wordsOf } from './columns.ts'
import type { ColumnType } from './mapping.ts'

const idName =
  /(^| )(id|uuid|guid|index|order|version|serial|hash)$|#$|uuid|^(#|no|nr|row|key|position|page|line|lfd nr|pkg name|package|device|deviceuuid|custom|client data ver|unit|units|einheit)$|^unnamed/
const idText = /^(?:[\da-f]{8}-[\da-f-]{20,36}|[\da-f]{16,64}|https?:\/\/\S{1,200})$/i
/** Rows from which on the same in each is no value of a day. */
const manyRows = 3
const largestCount = 1e9

/** Whether a column is about the record or the program, and no value: an id, a position, the same words in each row. */
export function isLeftOut({ name, cells }: Column, type: ColumnType): boolean {
  if (cells.length === 0 || idName.test(wordsOf(name))) return true
  const constant = cells.length >= manyRows && cells.every((cell) => cell === cells[0])
  if (type === 'number') {
    const first = Number(cells[0])
    if (constant && Number.isInteger(first) && first >= 100_000) return true
    return cells.every((cell) => /^\d{10,}$/.test(cell) && Number(cell) > largestCount)
  }
  return type === 'text' && (constant || cells.every((cell) => idText.test(cell)))
}
