import { isDate } from './count-date-formats.ts'
import { isComment, isEmptyRow, isSeparatorLine, widthOf } from './read-header.ts'
import { createNumberReader } from './read-number.ts'

/** How many rows may stand before the header, and how many are looked at to find it. */
export const mostBeforeHeader = 60
const rowsLookedAt = 200

/** What a column of dates is usually called. */
export const dateName =
  /^(date|day|datum|tag|jour|fecha|data|dag|timestamp|datetime|date ?time|zeitstempel|time|start|start[ _]time|when)$/i

/**
 * Which of a file's first rows names the columns: of those above the first row with a date the one that is most like a header.
 * Titles, comments and rows of units stand beside it. `undefined` where there is none.
 */
export function findHeader(rows: readonly string[][]): number | undefined {
  const first = rows.slice(0, rowsLookedAt)
  const end = firstDated(first)
  const width = mostCommon(first.slice(end, end + 50).map(widthOf))
  let best: number | undefined
  let bestScore = -Infinity
  for (let at = 0; at < Math.min(end, mostBeforeHeader); at += 1) {
    const score = scoreOf(first[at] ?? [], width)
    if (score < bestScore) continue
    best = at
    bestScore = score
  }
  return bestScore > 0 ? best : undefined
}

/** How much a row is like a header of rows that have so many cells; none is without two names, or mostly of numbers. */
function scoreOf(cells: readonly string[], width: number): number {
  const names = cells.map((cell) => cell.trim()).filter(Boolean)
  const numbers = names.filter(isNumber).length
  if (names.length < 2 || isEmptyRow(cells) || isSeparatorLine(cells)) return -1
  if (numbers * 2 >= names.length || names.some(isDate)) return -1
  const fits = widthOf(cells) === width ? 100 : -Math.abs(widthOf(cells) - width)
  const like = names.length - 2 * numbers + (names.some((name) => dateName.test(name)) ? 0.5 : 0)
  // A comment is one only where nothing else is.
  return 1000 + fits + like - (isComment(cells) ? 500 : 0)
}

/**
 * The first row of values: it has a date where most rows have one, and the next has too, or the row above it names columns. A
 * title may have a date of its own.
 */
function firstDated(rows: readonly string[][]): number {
  const column = datedColumn(rows)
  if (column === undefined) return rows.length
  const dated = rows.map((cells) => isDate((cells[column] ?? '').trim()))
  const named = (at: number): boolean =>
    at >= 0 && scoreOf(rows[at] ?? [], widthOf(rows[at + 1] ?? [])) > 1050
  const at = dated.findIndex((is, at) => is && (dated[at + 1] === true || named(at - 1)))
  return at === -1 ? dated.indexOf(true) : at
}

/** The column in which the most rows have a date. */
function datedColumn(rows: readonly string[][]): number | undefined {
  const counts: number[] = []
  for (const cells of rows)
    for (const [at, cell] of cells.slice(0, 100).entries())
      if (isDate(cell.trim())) counts[at] = (counts[at] ?? 0) + 1
  const most = Math.max(0, ...counts.filter((count) => count !== undefined))
  return most === 0 ? undefined : counts.indexOf(most)
}

function mostCommon(numbers: readonly number[]): number {
  const counts = new Map<number, number>()
  for (const number of numbers) counts.set(number, (counts.get(number) ?? 0) + 1)
  const [best] = [...counts].toSorted(([a, countA], [b, countB]) => countB - countA || b - a)
  return best?.[0] ?? 0
}

const readPoint = createNumberReader('.')
const readComma = createNumberReader(',')

function isNumber(cell: string): boolean {
  return readPoint(cell) !== undefined || readComma(cell) !== undefined
}
