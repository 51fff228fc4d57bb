import { type Column, wordsOf } from './columns.ts'

const exact =
  /^(date|day|datum|tag|jour|fecha|data|dag|timestamp|datetime|date time|zeitstempel|time|when|zeitpunkt)$/
const near = /date|day|datum|tag|jour|fecha|time|zeit|stamp|\bts\b|epoch|unix/
const starts = /\b(start|starts|started|begin|began|beginn|début|inicio|from|von|ab)\b/
const ends = /\b(end|ends|ended|ende|stop|finish|finished|fin|until|till|to|bis)\b/
const beside =
  /\b(created?|updated?|modified|export(ed)?|import(ed)?|sync(ed)?|upload(ed)?|birth|born|geburt\w*|geboren)\b/

/** Which column holds the dates: the one with the most of them, where names help to choose. */
export function guessDateColumn(columns: readonly Column[], rows: number): Column | undefined {
  let best: Column | undefined
  let bestScore = 0
  for (const column of columns) {
    const score = scoreOf(column, rows)
    if (score <= bestScore) continue
    best = column
    bestScore = score
  }
  return best
}

/** Whether most of what a column holds are dates. */
export function holdsDates({ name, cells, dates }: Column): boolean {
  if (dates.dates * 2 <= cells.length) return false
  // Numbers may be seconds since 1970 by chance.
  return !isEpoch(dates.formats) || near.test(wordsOf(name)) || starts.test(wordsOf(name)) || exactly(name)
}

/** Whether a name says when something began. */
export function saysStart(name: string): boolean {
  return starts.test(wordsOf(name)) || /\bbed ?time|onset/.test(wordsOf(name))
}

/** Whether a name says when something ended. */
export function saysEnd(name: string): boolean {
  return ends.test(wordsOf(name))
}

/** Whether a name says when something else happened, such as the export. */
export function saysOther(name: string): boolean {
  return beside.test(wordsOf(name))
}

function scoreOf(column: Column, rows: number): number {
  if (!holdsDates(column)) return 0
  const words = wordsOf(column.name)
  let score = 0.5 + column.dates.dates / rows
  if (exactly(column.name)) score += 0.2
  else if (near.test(words)) score += 0.1
  if (starts.test(words)) score += 0.15
  if (ends.test(words)) score -= 0.1
  if (beside.test(words)) score -= 0.3
  if (isEpoch(column.dates.formats)) score -= 0.05
  return score
}

function exactly(name: string): boolean {
  return exact.test(wordsOf(name))
}

function isEpoch(formats: ReadonlyMap<string, number>): boolean {
  const [most] = [...formats].toSorted(([, a], [, b]) => b - a)
  return most !== undefined && most[0].startsWith('unix')
}
