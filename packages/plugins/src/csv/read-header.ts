import { ImportError } from '@tributary/plugin-sdk'
import { once } from './name-fields.ts'

const mostColumns = 1000

/**
 * The names of a file's columns, each once: the second `Steps` is `Steps (2)`. Empty cells at the end belong to no column;
 * one between others is a column without a name.
 */
export function readHeader(cells: readonly string[]): string[] {
  const names = cells.map((cell) => cell.trim().replace(/\s+/g, ' '))
  const width = names.findLastIndex(Boolean) + 1
  if (width > mostColumns)
    throw new ImportError('bad-record', `The file has ${width} columns; at most ${mostColumns} are read.`)
  const taken = new Set(names)
  const seen = new Set<string>()
  return names.slice(0, width).map((name) => {
    if (!seen.has(name) || !name) {
      seen.add(name)
      return name
    }
    return once(name, taken, (again) => `${name} (${again})`)
  })
}

/** Whether a row says nothing of the columns: an empty line, or Excel's line `sep=;`. */
export function isBeforeHeader(cells: readonly string[]): boolean {
  return isEmptyRow(cells) || /^sep=.?$/i.test(cells[0] ?? '')
}

/** Whether no cell has anything in it. */
export function isEmptyRow(cells: readonly string[]): boolean {
  return cells.every((cell) => !cell.trim())
}

/** A row's cells where they are as many as the columns; delimiters at the end that nothing follows do not count. */
export function fitCells(cells: string[], width: number): string[] | undefined {
  if (cells.length < width) return undefined
  return isEmptyRow(cells.slice(width)) ? cells : undefined
}
