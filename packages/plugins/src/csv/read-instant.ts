import { isNone } from './is-none.ts'
import type { CsvMapping } from './mapping.ts'
import { readClock } from './read-clock.ts'
import { atClock, type CellDate, createDateReader } from './read-date.ts'

/** Why a row cannot be read. */
export class RowError extends Error {}

/** When a row was, with the text that says so. */
export interface RowInstant extends CellDate {
  text: string
}

/** Makes the reader of a row's day and time of day, which may stand in two columns. Throws `RowError`. */
export function createInstantReader(
  header: readonly string[],
  { dateColumn, dateFormat, timeColumn, wholeDays = false }: CsvMapping,
): (cells: readonly string[]) => RowInstant {
  const dateAt = header.indexOf(dateColumn)
  const timeAt = timeColumn === undefined ? -1 : header.indexOf(timeColumn)
  const readDate = createDateReader(dateFormat)

  return (cells) => {
    const text = (cells[dateAt] ?? '').trim()
    if (!text) throw new RowError(`${dateColumn}: it is empty`)
    const date = readDate(text)
    if (!date) throw new RowError(`${dateColumn}: ${quote(text)} is no date like ${dateFormat}`)
    if (wholeDays) return { date: date.date, midnight: date.midnight, text }
    if (timeAt === -1) return { ...date, text }
    const clockText = (cells[timeAt] ?? '').trim()
    if (isNone(clockText)) throw new RowError(`${timeColumn}: it is empty`)
    const clock = readClock(clockText)
    if (!clock) throw new RowError(`${timeColumn}: ${quote(clockText)} is no time of day`)
    // Spreadsheets write dates with a midnight, which the column of times replaces.
    return { ...atClock({ date: date.date, midnight: date.midnight }, clock), text: `${text} ${clockText}` }
  }
}

/** A text of a file in a sentence. */
export function quote(text: string): string {
  return `"${text.length > 60 ? `${text.slice(0, 60)}…` : text}"`
}
