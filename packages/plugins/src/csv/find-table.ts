import { ImportError } from '@tributary/plugin-sdk'
import { isDate } from './count-date-formats.ts'
import { dateName, findHeader } from './find-header.ts'
import { type Delimiter, delimiters } from './mapping.ts'
import { fitCells, isEmptyRow, isSeparatorLine, readHeader, widthOf } from './read-header.ts'
import { splitText } from './split-rows.ts'

/** The beginning of a file as a table. */
export interface Table {
  delimiter: Delimiter
  header: string[]
  /** The rows that have no more cells than the header, trimmed. */
  rows: string[][]
  /** Whether all of the file's rows are here. */
  whole: boolean
}

interface Candidate extends Table {
  /** How many of its rows are as wide as its header, from 0 to 1; a shorter one counts half. */
  fit: number
  dated: boolean
  headed: boolean
  /** How many rows are under the header. */
  filled: number
  /** Whether another header is among them. */
  others: boolean
}

const rowsLookedAt = 5000

/** Splits a file's beginning by the given delimiter, or by the one that gives the most even table with a date in it. */
export function findTable(text: string, cut: boolean, given?: Delimiter): Table {
  const candidates = (given ? [given] : delimiters).map((delimiter) => split(text, delimiter, cut))
  const [best] = candidates
    .filter(({ header }) => header.length > 1)
    .toSorted(
      (a, b) =>
        Number(b.dated) - Number(a.dated) ||
        Number(b.headed) - Number(a.headed) ||
        b.fit - a.fit ||
        b.header.length - a.header.length,
    )
  if (!best) throw noTable(text)
  const fault = faultOf(best)
  if (fault !== undefined) throw new ImportError('bad-record', fault)
  return best
}

function faultOf({ headed, filled, rows, others }: Candidate): string | undefined {
  if (!headed)
    return 'The file has no header; put a first row in that names the columns, such as "Date,Steps,Weight".'
  if (filled === 0) return 'The file has no rows under its header; choose one with values.'
  if (rows.length === 0)
    return 'The rows have more cells than the header has names; name every column, and put quotes around cells that contain the separator.'
  if (others)
    return 'The file has several tables below one another; save each as a file of its own, with its header as the first row.'
  return undefined
}

function noTable(text: string): ImportError {
  return new ImportError(
    'bad-record',
    text.trim()
      ? 'The file has only one column; it needs a date and at least one value, separated by commas, semicolons or tabs.'
      : 'The file is empty; choose one with a header and rows.',
  )
}

function split(text: string, delimiter: Delimiter, cut: boolean): Candidate {
  const all = splitText(text, delimiter).filter((cells) => !isEmptyRow(cells) && !isSeparatorLine(cells))
  // The last row of a part of a file is hardly ever whole.
  if (cut && all.length > 2) all.pop()
  const found = findHeader(all)
  const headerAt = found ?? all.findIndex((cells) => widthOf(cells) > 1)
  const header = readHeader(all[headerAt] ?? [])
  const filled = headerAt === -1 ? [] : all.slice(headerAt + 1, headerAt + 1 + rowsLookedAt)
  const fitting = filled.filter((cells) => fitCells(cells, header.length) !== undefined)
  const short = fitting.filter((cells) => cells.length < header.length).length
  const rows = fitting.map((cells) => header.map((_, at) => (cells[at] ?? '').trim()))
  return {
    delimiter,
    header,
    rows,
    whole: !cut && filled.length === all.length - headerAt - 1,
    fit: filled.length === 0 ? 0 : (fitting.length - short / 2) / filled.length,
    dated: all.slice(0, 200).some((cells) => cells.length > 1 && cells.some((cell) => isDate(cell.trim()))),
    headed: found !== undefined,
    filled: filled.length,
    others: filled.some((cells) => isOtherHeader(cells, header)),
  }
}

/** How many first names a row shares with the header to be a header too. */
const sharedNames = 3

/** Whether a row names columns as a header does, and others than the header above. */
function isOtherHeader(cells: readonly string[], header: readonly string[]): boolean {
  const names = cells.map((cell) => cell.trim()).filter(Boolean)
  const begins = header.slice(0, sharedNames)
  const beginsAlike = begins.length === sharedNames && begins.every((name, at) => name === cells[at]?.trim())
  if (beginsAlike)
    return header.some((name, at) => name !== (cells[at]?.trim() ?? '')) || cells.length > header.length
  if (names.length < 2 || !names.some((name) => dateName.test(name))) return false
  return names.every((name) => !/\d/.test(name)) && names.join('\n') !== header.filter(Boolean).join('\n')
}
