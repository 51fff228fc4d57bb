import { countDateFormats, type DateCount } from './count-date-formats.ts'
import type { Table } from './find-table.ts'
import { isNone } from './is-none.ts'

/** A column of the beginning of a file. */
export interface Column {
  at: number
  name: string
  /** Its cells that hold something. */
  cells: string[]
  dates: DateCount
}

const cellsLookedAt = 2000

/** The columns of a table that have a name, with what they hold. */
export function columnsOf({ header, rows }: Table): Column[] {
  return header.flatMap((name, at) => {
    if (!name) return []
    const cells: string[] = []
    for (const row of rows) {
      const cell = row[at] ?? ''
      if (!isNone(cell) && cells.push(cell) === cellsLookedAt) break
    }
    return { at, name, cells, dates: countDateFormats(cells) }
  })
}

/** A column's name in words: `heartRate_avg` is `heart rate avg`. */
export function wordsOf(name: string): string {
  return name
    .slice(0, 200)
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
    .replace(/[\s_.:/-]+/g, ' ')
    .trim()
    .toLowerCase()
}

/** A text of the file in a question. */
export function shown(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text
}
