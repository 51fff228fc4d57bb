import { type FileQuestion, ImportError } from '@tributary/plugin-sdk'
import { type Column, wordsOf } from './columns.ts'
import type { Table } from './find-table.ts'
import { isTimeOfRows } from './guess-clock.ts'
import { guessDateColumn, holdsDates } from './guess-date-column.ts'
import { type DateFormatGuess, guessDateFormat } from './guess-date-format.ts'
import { guessNightDay } from './guess-night-day.ts'
import { guessZone, holdsOffsets } from './guess-zone.ts'
import type { CsvMapping, GivenMapping } from './mapping.ts'
import { readClock } from './read-clock.ts'
import { createDateReader } from './read-date.ts'

/** When rows are, and which columns say so. */
export interface InstantGuess {
  mapping: Pick<CsvMapping, 'dateColumn' | 'dateFormat' | 'timeColumn' | 'zone' | 'wholeDays'>
  questions: FileQuestion[]
  /** The day of each row, where it has one. */
  days: (string | undefined)[]
  /** Whether rows have a time of day. */
  timed: boolean
  /** Whether a day has several rows. */
  severalADay: boolean
  /** The columns that say when a row is, and bring no values. */
  used: Set<Column>
}

const timeName =
  /^(time|uhrzeit|zeit|heure|hora|ora|tijd|clock|time of day|local time|start|start time|started|startzeit|begin|beginn|anfang|von|from)$/
const hourName = /^(hour|hour of day|stunde|heure|hora|uur)$/
const endName = /^(end|end time|ended|ende|endzeit|stop|stop time|finish|until|bis|to|fin)$/
const sport = /distan|strecke|\bkm\b|mile|pace|speed|\blaps?\b/

/** Guesses when rows are, by what a person set and by how files of the same kind were read. Throws `ImportError` without dates. */
export function guessInstant(
  table: Table,
  columns: readonly Column[],
  given: GivenMapping,
  earlier: CsvMapping | undefined,
): InstantGuess {
  const { dateColumn, dateFormat, questions } = chooseDates(table, columns, given, earlier)
  const readDate = createDateReader(dateFormat)
  const dates = table.rows.map((cells) => readDate(cells[dateColumn.at] ?? ''))
  const known = dates.filter((date) => date !== undefined)
  const wholeDays = known.length > 0 && known.every(({ time }) => time === 0)
  const withTime = !wholeDays && isMostly(known, ({ time }) => time !== undefined)
  const timeColumn = withTime ? undefined : chooseTimeColumn(columns, dateColumn, given, earlier)
  const timed = withTime || timeColumn !== undefined
  const zone = timed ? guessZone(columns, known, earlier) : { zone: undefined, question: undefined }
  return {
    mapping: {
      dateColumn: dateColumn.name,
      dateFormat,
      ...(timeColumn && { timeColumn: timeColumn.name }),
      ...(wholeDays && !timeColumn && { wholeDays }),
      ...(zone.zone !== undefined && { zone: zone.zone }),
    },
    questions: [...questions, ...(zone.question ? [zone.question] : [])],
    days: dates.map((date) => date?.date),
    timed,
    severalADay: new Set(known.map(({ date }) => date)).size < known.length,
    used: usedColumns(columns, dateColumn, timeColumn),
  }
}

interface Dates {
  dateColumn: Column
  dateFormat: CsvMapping['dateFormat']
  questions: FileQuestion[]
}

/** Which column says the days of the rows, and how they are written. */
function chooseDates(
  table: Table,
  columns: readonly Column[],
  given: GivenMapping,
  earlier: CsvMapping | undefined,
): Dates {
  const hints = {
    earlier: earlier?.dateFormat,
    dayFirst: table.delimiter === ';' || given.decimal === ',' || hasCommas(columns),
    whole: table.whole,
  }
  const formatOf = (column: Column): DateFormatGuess =>
    given.dateFormat ? { dateFormat: given.dateFormat, question: undefined } : guessDateFormat(column, hints)
  const chosen = chooseDateColumn(table, columns, given, earlier)
  const night = isDecided(chosen, columns, given, earlier)
    ? undefined
    : guessNightDay(columns, table.rows, { column: chosen, ...formatOf(chosen) })
  const dateColumn = night?.column ?? chosen
  const { dateFormat, question } = formatOf(dateColumn)
  const questions = [night?.question, question].filter((one) => one !== undefined)
  return { dateColumn, dateFormat, questions }
}

function chooseDateColumn(
  { header, rows }: Table,
  columns: readonly Column[],
  given: GivenMapping,
  earlier: CsvMapping | undefined,
): Column {
  const named = (name: string | undefined): Column | undefined =>
    columns.find((column) => column.name === name)
  const before = named(earlier?.dateColumn)
  const found =
    named(given.dateColumn) ?? (before && holdsDates(before) ? before : guessDateColumn(columns, rows.length))
  if (found && (found.dates.dates > 0 || given.dateFormat)) return found
  throw new ImportError(
    'bad-record',
    found || !header.length
      ? `The column “${found?.name ?? ''}” holds no dates; choose the one with the day of each row.`
      : 'No column holds dates; add one with the day of each row, such as 2026-11-18 or 18.11.2026.',
  )
}

/** Whether a person, an earlier file or a column of times beside the days says already when rows are. */
function isDecided(
  dateColumn: Column,
  columns: readonly Column[],
  given: GivenMapping,
  earlier: CsvMapping | undefined,
): boolean {
  if (given.dateColumn !== undefined || earlier?.dateColumn === dateColumn.name) return true
  return given.timeColumn !== null && chooseTimeColumn(columns, dateColumn, given, earlier) !== undefined
}

function chooseTimeColumn(
  columns: readonly Column[],
  dateColumn: Column,
  given: GivenMapping,
  earlier: CsvMapping | undefined,
): Column | undefined {
  const others = columns.filter((column) => column !== dateColumn && !holdsDates(column))
  if (given.timeColumn !== undefined) return others.find(({ name }) => name === given.timeColumn)
  const ofSport = columns.some(({ name }) => sport.test(wordsOf(name)))
  const isTime = ({ name, cells }: Column): boolean =>
    cells.length > 0 &&
    ((timeName.test(withoutBrackets(name)) && isTimeOfRows(cells, ofSport)) ||
      (hourName.test(withoutBrackets(name)) && cells.every((cell) => readClock(cell) !== undefined)))
  const before = others.find(({ name }) => name === earlier?.timeColumn)
  return before && isMostly(before.cells, (cell) => readClock(cell) !== undefined)
    ? before
    : others.find(isTime)
}

/** The end of what a row is about, and dates of other things, are no values. */
function usedColumns(
  columns: readonly Column[],
  dateColumn: Column,
  timeColumn: Column | undefined,
): Set<Column> {
  const used = columns.filter(
    (column) =>
      column === dateColumn ||
      column === timeColumn ||
      holdsDates(column) ||
      holdsOffsets(column) ||
      (timeColumn && endName.test(withoutBrackets(column.name)) && isTimeOfRows(column.cells, false)),
  )
  return new Set(used)
}

function withoutBrackets(name: string): string {
  const words = wordsOf(name)
  const at = words.search(/ ?[([]/)
  return at > 0 ? words.slice(0, at) : words
}

/** Whether decimals have a comma, which is where days stand before months. */
function hasCommas(columns: readonly Column[]): boolean {
  return columns.some(({ cells }) => cells.slice(0, 50).some((cell) => /^-?\d+,\d{1,2}$/.test(cell)))
}

function isMostly<Item>(items: readonly Item[], test: (item: Item) => boolean): boolean {
  return items.filter(test).length * 2 > items.length
}
