import { type FileGuess, ImportError } from '@tributary/plugin-sdk'
import { beginningBytes, decodeBeginning } from './decode-text.ts'
import { guessDateColumn } from './guess-date-column.ts'
import { countDateFormats, guessDateFormat } from './guess-date-format.ts'
import { guessDecimal } from './guess-decimal.ts'
import { guessDelimiter, type Table } from './guess-delimiter.ts'
import { guessType } from './guess-type.ts'
import { guessUnit } from './guess-unit.ts'
import { isNone } from './is-none.ts'
import type { CsvColumn, CsvMapping } from './mapping.ts'
import { nameFields } from './name-fields.ts'
import { createDateReader } from './read-date.ts'
import { createNumberReader } from './read-number.ts'
import { refuseBinary } from './refuse-binary.ts'

/** Guesses how a file is read by its first 256 KiB; a shorter beginning is taken for the whole file. */
export function guessFile(beginning: Uint8Array): FileGuess<CsvMapping> {
  const mapping = guessMapping(beginning)
  return { mapping, questions: [], preview: { header: [], rows: [], timed: false, candidates: mapping } }
}

export function guessMapping(beginning: Uint8Array): CsvMapping {
  refuseBinary(beginning)
  const table = guessDelimiter(decodeBeginning(beginning), beginning.length >= beginningBytes)
  const { delimiter, header, rows } = table
  refuseNoHeader(table)
  const dateAt = guessDateColumn(header, rows)
  if (dateAt === undefined)
    throw new ImportError(
      'bad-record',
      rows.length === 0
        ? 'The file has no rows under its header; choose one with values.'
        : 'No column holds dates; add one with the day of each row, such as 2026-11-18 or 18.11.2026.',
    )

  const cellsAt = (at: number): string[] =>
    rows.map((cells) => cells[at] ?? '').filter((cell) => !isNone(cell))
  const others = header.map((column, at) => ({ column, cells: cellsAt(at) }))
  const dates = others.splice(dateAt, 1).flatMap(({ cells }) => cells)
  const decimal = guessDecimal(
    others.flatMap(({ cells }) => cells),
    delimiter,
    (countDateFormats(dates).get('DD.MM.YYYY') ?? 0) > 0,
  )
  const dateFormat = guessDateFormat(dates, decimal)
  const readDate = createDateReader(dateFormat)
  const timed = dates.filter((cell) => readDate(cell)?.time !== undefined).length * 2 > dates.length
  const columns = guessColumns(
    others.filter(({ column, cells }) => column && cells.length > 0),
    createNumberReader(decimal),
    timed,
  )
  if (columns.length === 0)
    throw new ImportError(
      'bad-record',
      'No column beside the dates has values; add one with a value per row.',
    )
  return { delimiter, decimal, dateColumn: header[dateAt] ?? '', dateFormat, columns }
}

/** Words have no place in measurements, so a file whose rows have a time of day offers none. */
function guessColumns(
  found: { column: string; cells: string[] }[],
  readNumber: ReturnType<typeof createNumberReader>,
  timed: boolean,
): CsvColumn[] {
  const ids = nameFields(found.map(({ column }) => column))
  return found
    .map(({ column, cells }, at): CsvColumn => {
      const type = guessType(column, cells, readNumber)
      const named = type === 'number' ? guessUnit(column) : { name: column }
      return { column, field: ids[at] ?? column, ...named, type, ...(timed && { day: 'last' as const }) }
    })
    .filter(({ type }) => !(timed && type === 'text'))
}

function refuseNoHeader({ header }: Table): void {
  const dates = Math.max(...countDateFormats(header).values())
  const numbers = header.filter((cell) => createNumberReader('.')(cell) !== undefined).length
  if (dates === 0 && numbers < header.filter(Boolean).length) return
  throw new ImportError(
    'bad-record',
    'The file has no header; put a first row in that names the columns, such as "Date,Steps,Weight".',
  )
}
