import { ImportError } from '@tributary/plugin-sdk'
import { guessDateColumn } from './guess-date-column.ts'
import { type Delimiter, delimiters } from './mapping.ts'
import { fitCells, isBeforeHeader, isEmptyRow, readHeader } from './read-header.ts'
import { splitText } from './split-rows.ts'

/** The beginning of a file as a table. */
export interface Table {
  delimiter: Delimiter
  header: string[]
  /** The rows that have as many cells as the header, trimmed. */
  rows: string[][]
}

interface Candidate extends Table {
  /** How many of its rows fit its header, from 0 to 1. */
  fit: number
  dated: boolean
}

/** Splits a file's beginning by the delimiter that gives the most even table with a date in it. */
export function guessDelimiter(text: string, cut: boolean): Table {
  const [best] = delimiters
    .map((delimiter) => split(text, delimiter, cut))
    .filter(({ header }) => header.length > 1)
    .toSorted(
      (a, b) => Number(b.dated) - Number(a.dated) || b.fit - a.fit || b.header.length - a.header.length,
    )
  if (best) return best
  if (!text.trim())
    throw new ImportError('bad-record', 'The file is empty; choose one with a header and rows.')
  throw new ImportError(
    'bad-record',
    'The file has only one column; it needs a date and at least one value, separated by commas, semicolons or tabs.',
  )
}

function split(text: string, delimiter: Delimiter, cut: boolean): Candidate {
  const all = splitText(text, delimiter)
  // The last row of a part of a file is hardly ever whole.
  if (cut && all.length > 2) all.pop()
  const start = all.findIndex((cells) => !isBeforeHeader(cells))
  const header = start === -1 ? [] : readHeader(all[start] ?? [])
  const filled = start === -1 ? [] : all.slice(start + 1).filter((cells) => !isEmptyRow(cells))
  const rows = filled
    .map((cells) => fitCells(cells, header.length))
    .filter((cells) => cells !== undefined)
    .map((cells) => cells.map((cell) => cell.trim()))
  const fit = filled.length === 0 ? 0 : rows.length / filled.length
  return { delimiter, header, rows, fit, dated: guessDateColumn(header, rows) !== undefined }
}
