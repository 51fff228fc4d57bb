import { type FileRow, ImportError, type MappedRecord, type RejectedRow } from '@tributary/plugin-sdk'
import { findHeader, mostBeforeHeader } from './find-header.ts'
import type { CsvMapping } from './mapping.ts'
import { createLocalClock } from './place-local-time.ts'
import { type ColumnReader, createColumnReader } from './read-cell.ts'
import { fitCells, isComment, isEmptyRow, isSeparatorLine, readHeader, widthOf } from './read-header.ts'
import { createInstantReader, quote, RowError } from './read-instant.ts'
import type { Row } from './split-rows.ts'

/** What a row's cells say; `undefined` where the row is none of values. */
type RowReader = (cells: string[]) => MappedRecord[] | undefined

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
        const records = read(row.cells)
        if (records) yield { line: row.line, records }
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

  const dateAt = header.indexOf(mapping.dateColumn)

  return (row) => {
    if (isRemark(row, dateAt) || isHeaderAgain(row, header)) return undefined
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
    return instantRecords(found, start, () => (offset === undefined ? date : dayOf(start, zone)))
  }
}

/** Numbers are measurements at an instant, and words belong to its day. */
function instantRecords(found: FoundValue[], start: number, day: () => string): MappedRecord[] {
  return found.map(({ field, value }) =>
    typeof value === 'number' ? { field, start, value } : { date: day(), fields: { [field]: value } },
  )
}

function dayOf(at: number, zone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDate().toString()
}

/** Whether a row is a comment between rows of values, rather than a row whose first cell begins like one. */
function isRemark(row: readonly string[], dateAt: number): boolean {
  return isComment(row) && (dateAt === 0 || widthOf(row) === 1)
}

/** Whether the header stands here a second time, as in files that were put one after the other. */
function isHeaderAgain(row: readonly string[], header: readonly string[]): boolean {
  return row[0]?.trim() === header[0] && header.every((name, at) => name === (row[at] ?? '').trim())
}

interface FoundValue {
  field: string
  value: number | string
}

function valuesOf(cells: string[], columns: PlacedColumn[]): FoundValue[] {
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
