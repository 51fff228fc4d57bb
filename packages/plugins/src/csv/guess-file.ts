import { type FileGuess, type GuessContext, ImportError } from '@tributary/plugin-sdk'
import { type Column, columnsOf, shown, wordsOf } from './columns.ts'
import { beginningBytes, decodeBeginning } from './decode-text.ts'
import { kindOf } from './file-kind.ts'
import { findTable, type Table } from './find-table.ts'
import { guessColumns } from './guess-columns.ts'
import { guessDecimal } from './guess-decimal.ts'
import { guessInstant, type InstantGuess } from './guess-instant.ts'
import { earlierFields } from './guess-meaning.ts'
import { namesThings } from './guess-things.ts'
import { type CsvMapping, type GivenMapping, givenMapping } from './mapping.ts'
import { createNumberReader } from './read-number.ts'
import { refuseBinary } from './refuse-binary.ts'

const previewRows = 20
const longestPreviewCell = 200

/**
 * Guesses how a file is read by its first 256 KiB; a shorter beginning is the whole file. What the file leaves open is a
 * question, unless a file of the same kind was read before.
 */
export function guessFile(
  beginning: Uint8Array,
  { given, earlier = [], samples = {} }: GuessContext<CsvMapping> = {},
): FileGuess<CsvMapping> {
  refuseBinary(beginning)
  const set = readGiven(given)
  const table = findTable(decodeBeginning(beginning), beginning.length >= beginningBytes, set.delimiter)
  const kind = kindOf(table.header)
  const before = earlier.find(({ fileKind }) => fileKind === kind)?.mapping
  const columns = columnsOf(table)
  const instant = guessInstant(table, columns, set, before)
  const values = columns.filter((column) => !instant.used.has(column))
  refuseSeveralKinds(values)

  const { decimal, question } = set.decimal
    ? { decimal: set.decimal, question: undefined }
    : guessDecimal(values, { commaUsual: isCommaUsual(table, instant), earlier: before?.decimal })
  const named = columns.filter(
    ({ name }) => name !== instant.mapping.dateColumn && name !== instant.mapping.timeColumn,
  )
  const fields = earlierFields(earlier, samples, kind)
  const { included, candidates, questions } = guessColumns(named, instant, table.rows, decimal, fields)
  if (included.length === 0 && given === undefined) throw nothingToImport()

  const mapping = { delimiter: table.delimiter, decimal, ...instant.mapping, columns: included }
  return {
    mapping,
    questions: [...instant.questions, ...(question ? [question] : []), ...questions],
    preview: {
      header: table.header,
      rows: table.rows
        .slice(0, previewRows)
        .map((cells) => cells.map((cell) => cell.slice(0, longestPreviewCell))),
      candidates: { ...mapping, columns: candidates },
    },
  }
}

function readGiven(given: unknown): GivenMapping {
  const result = givenMapping.safeParse(given ?? {})
  if (result.success) return result.data
  const [issue] = result.error.issues
  throw new ImportError(
    'bad-record',
    `The part of the mapping that is set is wrong at "${issue?.path.join('.') ?? ''}": ${issue?.message ?? ''}.`,
  )
}

/** Files with semicolons and other dates than those of ISO 8601, or with dates like `18.11.2026`, have decimal commas. */
function isCommaUsual({ delimiter }: Table, { mapping: { dateFormat } }: InstantGuess): boolean {
  return dateFormat.startsWith('DD.MM') || (delimiter === ';' && !dateFormat.startsWith('YYYY'))
}

const valueName = /^(value|wert|amount|quantity|measurement|result|reading|valeur|valor|values?)( |$)/
const kindName =
  /^(type|metric|measure|kind|category|parameter|record type|data type|measurement type|name|unit|units|einheit|typ|messgröße)$/

/** Throws `ImportError` where the rows of one column are of several kinds, which another column names. */
function refuseSeveralKinds(columns: readonly Column[]): void {
  const value = columns.find(({ name, cells }) => valueName.test(wordsOf(name)) && holdsNumbers(cells))
  if (!value) return
  const kind = columns.find(
    ({ name, cells }) =>
      (kindName.test(wordsOf(name)) || namesThings(name)) &&
      new Set(cells.map((cell) => cell.toLowerCase())).size > 1,
  )
  if (!kind) return
  const [one = '', other = ''] = new Set(kind.cells)
  throw new ImportError(
    'bad-record',
    `The rows of “${shown(value.name)}” are of several kinds, which “${shown(kind.name)}” names, such as "${shown(one)}" and "${shown(other)}"; save each kind as a file of its own.`,
  )
}

const readPoint = createNumberReader('.')
const readComma = createNumberReader(',')

/** Whether most cells are numbers without anything else: `2 slices` is no value that rows share. */
function holdsNumbers(cells: readonly string[]): boolean {
  const numbers = cells.filter((cell) => readPoint(cell) !== undefined || readComma(cell) !== undefined)
  return numbers.length * 2 > cells.length
}

function nothingToImport(): ImportError {
  return new ImportError('bad-record', 'No column beside the dates has values; add one with a value per row.')
}
