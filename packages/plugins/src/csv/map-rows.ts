import { type FileRow, ImportError, type MappedRecord, type RejectedRow } from '@tributary/plugin-sdk'
import { findHeader, mostBeforeHeader } from './find-header.ts'
import type { CsvMapping } from './mapping.ts'
import { createLocalClock } from './place-local-time.ts'
import { type ColumnReader, createColumnReader } from './read-cell.ts'
import { fitCells, isEmptyRow, isSeparatorLine, readHeader, widthOf } from './read-header.ts'
import { createInstantReader, quote, RowError } from './read-instant.ts'
import type { Row } from './split-rows.ts'

/** What a row's cells say. */
type RowReader = (cells: string[]) => MappedRecord[]

/**
 * Reads records from rows. The header is the first row with all columns of the mapping; what stands above it is left out. A row
 * of which a part cannot be read is rejected as a whole.
 */
export async function* mapRows(
  rows: AsyncIterable<Row | RejectedRow>,
  mapping: CsvMapping,
  zone: string,
): AsyncIterable<FileRow | RejectedRow> {
  const above: string[][] = []
  let read: RowReader | undefined
  for await (const row of rows) {
    if ('reason' in row) yield row
    else if (isEmptyRow(row.cells)) continue
    else if (!read) read = readAbove(row.cells, above, mapping, zone)
    else {
      try {
        yield { line: row.line, records: read(row.cells) }
      } catch (error) {
        if (!(error instanceof RowError)) throw error
        yield { line: row.line, reason: error.message }
      }
    }
  }
  if (!read) throw noHeader(above, mapping)
}

/** Takes a row as the header if it is that; throws where none of the first rows was. */
function readAbove(
  cells: string[],
  above: string[][],
  mapping: CsvMapping,
  zone: string,
): RowReader | undefined {
  if (isSeparatorLine(cells)) return undefined
  const names = new Set(cells.length <= mostCells ? readHeader(cells) : [])
  if (columnsOf(mapping).every((column) => names.has(column)))
    return createRowReader(readHeader(cells), mapping, zone)
  above.push(cells)
  if (above.length > mostBeforeHeader) throw noHeader(above, mapping)
  return undefined
}

/** A row with more cells than this has no columns that a mapping names: fewer are read. */
const mostCells = 10_000

function columnsOf({ dateColumn, timeColumn, columns }: CsvMapping): string[] {
  return [
    dateColumn,
    ...(timeColumn === undefined ? [] : [timeColumn]),
    ...columns.map(({ column }) => column),
  ]
}

function noHeader(above: string[][], mapping: CsvMapping): ImportError {
  const header = readHeader(above[findHeader(above) ?? above.findIndex((cells) => widthOf(cells) > 1)] ?? [])
  const missing = columnsOf(mapping).find((column) => !header.includes(column))
  if (header.length === 0 || missing === undefined)
    return new ImportError('bad-record', 'The file has no header. Add a first row that names the columns.')
  const named = header.filter(Boolean)
  const more = named.length > namedColumns ? ` and ${named.length - namedColumns} more` : ''
  return new ImportError(
    'bad-record',
    `The file has no column ${quote(missing)}. Choose among its columns: ${named.slice(0, namedColumns).map(quote).join(', ')}${more}.`,
  )
}

const namedColumns = 20

interface PlacedColumn {
  at: number
  column: string
  field: string
  read: ColumnReader
}

function createRowReader(header: string[], mapping: CsvMapping, zone: string): RowReader {
  const readInstant = createInstantReader(header, mapping)
  const placeLocalTime = createLocalClock(mapping.zone ?? zone)
  const columns: PlacedColumn[] = mapping.columns.map((column) => ({
    at: header.indexOf(column.column),
    column: column.column,
    field: column.field,
    read: createColumnReader(column, mapping.decimal),
  }))

  return (row) => {
    const cells = fitCells(row, header.length)
    if (!cells) throw new RowError(`It has ${widthOf(row)} cells for ${header.length} columns`)
    const { date, midnight, time, offset, text } = readInstant(cells)
    const found = valuesOf(cells, columns)
    if (time === undefined)
      return [{ date, fields: Object.fromEntries(found.map(({ field, value }) => [field, value])) }]
    const start = offset === undefined ? placeLocalTime(midnight, time) : midnight + time - offset
    if (start === undefined)
      throw new RowError(
        `${mapping.dateColumn}: ${quote(text)} was skipped by the clock of ${mapping.zone ?? zone}`,
      )
    // A measurement is a number; a row with a time of day has no place for words.
    return found
      .filter(({ value }) => typeof value === 'number')
      .map(({ field, value }) => ({ field, start, value }))
  }
}

function valuesOf(cells: string[], columns: PlacedColumn[]): { field: string; value: number | string }[] {
  const found = []
  for (const { at, read, field, column } of columns) {
    const cell = (cells[at] ?? '').trim()
    const value = read(cell)
    if (value === null) continue
    if (typeof value === 'object') throw new RowError(`${quoteName(column)}: ${quote(cell)} is ${value.not}`)
    found.push({ field, value })
  }
  return found
}

function quoteName(column: string): string {
  return column.length > 60 ? `${column.slice(0, 60)}…` : column
}
