import { ImportError } from '@tributary/plugin-sdk'
import { once } from './name-fields.ts'

const mostColumns = 1000

/**
 * The names of a file's columns, each once: the second `Steps` is `Steps (2)`. Empty cells at the end belong to no column;
 * one between others is a column without a name.
 */
export function readHeader(cells: readonly string[]): string[] {
  const names = cells.map((cell) => cell.trim().replace(/\s+/g, ' '))
  const width = widthOf(names)
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

/** Whether a row is Excel's line `sep=;`. */
export function isSeparatorLine(cells: readonly string[]): boolean {
  return /^sep=.?$/i.test(cells[0] ?? '') && cells.length <= 2
}

/** Whether a row is a comment, which begins with `#` or `//`. */
export function isComment([first = '']: readonly string[]): boolean {
  return first.startsWith('#') || first.startsWith('//')
}

/** Whether no cell has anything in it. */
export function isEmptyRow(cells: readonly string[]): boolean {
  return cells.every((cell) => !cell.trim())
}

/** How many cells a row has without the empty ones at its end. */
export function widthOf(cells: readonly string[]): number {
  return cells.findLastIndex((cell) => cell.trim()) + 1
}

/**
 * A row's cells where they are no more than the columns. Excel leaves out the delimiters of empty cells at the end of a row, and
 * other programs write some too many.
 */
export function fitCells(cells: string[], width: number): string[] | undefined {
  return widthOf(cells) > width ? undefined : cells
}
