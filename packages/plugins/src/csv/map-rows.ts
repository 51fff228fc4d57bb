import { type FileRow, ImportError, type MappedRecord, type RejectedRow } from '@tributary/plugin-sdk'
import type { CsvMapping } from './mapping.ts'
import { createColumnReader } from './read-cell.ts'
import { createDateReader } from './read-date.ts'
import { fitCells, isBeforeHeader, isEmptyRow, readHeader } from './read-header.ts'
import { createLocalClock } from './place-local-time.ts'
import type { Row } from './split-rows.ts'

/** What a row's cells say. */
type RowReader = (cells: string[]) => MappedRecord[]

/** Reads records from rows, the first of which is the header; a row in which anything is bad is rejected whole. */
export async function* mapRows(
  rows: AsyncIterable<Row | RejectedRow>,
  mapping: CsvMapping,
  zone: string,
): AsyncIterable<FileRow | RejectedRow> {
  let read: RowReader | undefined
  for await (const row of rows) {
    if ('reason' in row) yield row
    else if (!read) {
      if (!isBeforeHeader(row.cells)) read = createRowReader(readHeader(row.cells), mapping, zone)
    } else if (!isEmptyRow(row.cells)) {
      try {
        yield { line: row.line, records: read(row.cells) }
      } catch (error) {
        if (!(error instanceof RowError)) throw error
        yield { line: row.line, reason: error.message }
      }
    }
  }
  if (!read)
    throw new ImportError('bad-record', 'The file has no header: its first row must name the columns.')
}

/** Why a row cannot be read. */
class RowError extends Error {}

function createRowReader(header: string[], mapping: CsvMapping, zone: string): RowReader {
  const dateAt = columnOf(header, mapping.dateColumn)
  const readDate = createDateReader(mapping.dateFormat)
  const placeLocalTime = createLocalClock(zone)
  const columns = mapping.columns.map((column) => ({
    ...column,
    at: columnOf(header, column.column),
    read: createColumnReader(column, mapping.decimal),
  }))

  function values(cells: string[]): { field: string; value: number | string }[] {
    const found = []
    for (const { at, read, field, column } of columns) {
      const cell = (cells[at] ?? '').trim()
      const value = read(cell)
      if (value === null) continue
      if (typeof value === 'object') throw new RowError(`${column}: ${quote(cell)} is ${value.not}`)
      found.push({ field, value })
    }
    return found
  }

  return (row) => {
    const cells = fitCells(row, header.length)
    if (!cells)
      throw new RowError(
        `It has ${row.length} ${row.length === 1 ? 'cell' : 'cells'} for ${header.length} columns`,
      )
    const text = (cells[dateAt] ?? '').trim()
    if (!text) throw new RowError(`${mapping.dateColumn}: it is empty`)
    const date = readDate(text)
    if (!date)
      throw new RowError(`${mapping.dateColumn}: ${quote(text)} is no date like ${mapping.dateFormat}`)
    const found = values(cells)

    if (date.time === undefined) {
      if (found.length === 0) return []
      return [
        { date: date.date, fields: Object.fromEntries(found.map(({ field, value }) => [field, value])) },
      ]
    }
    const start =
      date.offset === undefined
        ? placeLocalTime(date.midnight, date.time)
        : date.midnight + date.time - date.offset
    if (start === undefined)
      throw new RowError(`${mapping.dateColumn}: ${quote(text)} was skipped by the clock of ${zone}`)
    // A measurement is a number; what a row with a time of day says in words has no place.
    return found
      .filter(({ value }) => typeof value === 'number')
      .map(({ field, value }) => ({ field, start, value }))
  }
}

function columnOf(header: string[], column: string): number {
  const at = header.indexOf(column)
  if (at === -1)
    throw new ImportError(
      'bad-record',
      `The file has no column ${quote(column)}; it has ${header.filter(Boolean).map(quote).join(', ')}.`,
    )
  return at
}

function quote(text: string): string {
  return `"${text.length > 60 ? `${text.slice(0, 60)}…` : text}"`
}
