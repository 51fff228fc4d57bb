import type { FileQuestion } from '@tributary/plugin-sdk'
import { type Column, shown, wordsOf } from './columns.ts'
import type { DateFormat } from './date-formats.ts'
import { saysStart, saysEnd, saysOther, holdsDates } from './guess-date-column.ts'
import { createDateReader } from './read-date.ts'

const sleepName = /sleep|asleep|in bed|schlaf|sommeil|sueño|slaap|sonno|\brem\b/
const wakeName = /\bwak(e|ing)|\bwoke|got up|get up|aufgewacht|aufsteh|réveil|\blever\b|despert/

interface Candidate {
  column: Column
  dateFormat: DateFormat
  /** The day of each row by this column. */
  days: (string | undefined)[]
}

/** The column by which a night has its day, and a question where several columns say different days. */
export interface NightDay {
  column: Column
  question: FileQuestion | undefined
}

/**
 * Which column says the day of a night: a night belongs to the day on which it ends, so of a start and an end the end counts.
 * `undefined` where rows are no nights, or where all columns of dates say the same days.
 */
export function guessNightDay(
  columns: readonly Column[],
  rows: readonly string[][],
  start: { column: Column; dateFormat: DateFormat },
): NightDay | undefined {
  if (!columns.some(({ name }) => sleepName.test(wordsOf(name)))) return undefined
  const candidates = columns
    .filter(
      (column) => holdsDates(column) && column.cells.length * 2 > rows.length && !saysOther(column.name),
    )
    .map((column) => candidateOf(column, rows, start.dateFormat))
    .toSorted((a, b) => placeOf(b.column, start.column) - placeOf(a.column, start.column))
  const apart: Candidate[] = []
  for (const candidate of candidates)
    if (!apart.some(({ days }) => sameDays(days, candidate.days))) apart.push(candidate)
  const [end, other] = apart
  if (!end || !other || placeOf(end.column, start.column) < 2) return undefined
  const clear = apart.length === 2 && saysStart(other.column.name) && !saysEnd(other.column.name)
  return { column: end.column, question: clear ? undefined : dayQuestion(apart) }
}

function candidateOf(column: Column, rows: readonly string[][], usual: DateFormat): Candidate {
  const [most] = [...column.dates.formats].toSorted(([, a], [, b]) => b - a)
  const [likely, count] = most ?? [usual, 0]
  const dateFormat = (column.dates.formats.get(usual) ?? 0) >= count ? usual : likely
  const read = createDateReader(dateFormat)
  return { column, dateFormat, days: rows.map((cells) => read(cells[column.at] ?? '')?.date) }
}

/** How surely a column says when a night ends. */
function placeOf(column: Column, start: Column): number {
  if (wakeName.test(wordsOf(column.name))) return 3
  if (saysEnd(column.name)) return 2
  return column === start ? 1 : 0
}

function sameDays(a: Candidate['days'], b: Candidate['days']): boolean {
  return a.every((day, row) => day === undefined || b[row] === undefined || day === b[row])
}

const mostChoices = 5

function dayQuestion(candidates: Candidate[]): FileQuestion {
  const some = candidates.slice(0, mostChoices)
  const row = rowApart(some)
  return {
    column: some[0]?.column.name ?? '',
    question: 'Which column says the day of a night?',
    choices: some.map(({ column, dateFormat, days }) => ({
      value: column.name,
      example: `By “${shown(column.name)}” the night in row ${row + 1} is that of ${days[row] ?? 'no day'}`,
      set: { '/dateColumn': column.name, '/dateFormat': dateFormat },
    })),
  }
}

/** The row on which the most candidates differ. */
function rowApart(candidates: Candidate[]): number {
  const [first] = candidates
  const differing = (first?.days ?? []).map((_, row) => new Set(candidates.map(({ days }) => days[row])).size)
  return differing.indexOf(Math.max(...differing))
}
