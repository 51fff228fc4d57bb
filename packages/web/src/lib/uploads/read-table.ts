import { splitRows } from './split-rows.ts'

/** The beginning of a file as a table. */
export interface Table {
  /** The names of its columns, each once: the second `Steps` is `Steps (2)`. */
  header: string[]
  rows: string[][]
}

const rowsRead = 200

/** Splits the beginning of a file; empty lines and Excel's `sep=;` are no rows. */
export function readTable(text: string, delimiter: string): Table {
  const [first = [], ...rows] = splitRows(text, delimiter, rowsRead).filter(
    (cells) => cells.some((cell) => cell !== '') && !/^sep=.?$/i.test(cells[0] ?? ''),
  )
  return { header: nameOnce(first), rows }
}

/** The cells of a column that hold something. */
export function cellsOf({ header, rows }: Table, column: string): string[] {
  const at = header.indexOf(column)
  return rows.map((cells) => cells[at] ?? '').filter((cell) => cell !== '')
}

function nameOnce(cells: string[]): string[] {
  const names = cells.map((cell) => cell.trim().replace(/\s+/g, ' '))
  const width = names.findLastIndex((name) => name !== '') + 1
  const taken = new Set(names)
  const seen = new Set<string>()
  return names.slice(0, width).map((name) => {
    if (name === '' || !seen.has(name)) {
      seen.add(name)
      return name
    }
    let again = 2
    while (taken.has(`${name} (${again})`)) again += 1
    taken.add(`${name} (${again})`)
    return `${name} (${again})`
  })
}
