import { csv } from '../packages/plugins/src/csv/csv.ts'
import { describeError } from '../packages/engine/src/runtime/describe-error.ts'
import { parseAnswer } from '../packages/engine/src/outgoing/parse-answer.ts'
import { expect, test } from 'vitest'

const files = csv.plugin.files
if (!files) throw new Error('the source of tables reads no files')

/** Runs that are so short that the clock of the processor tells nothing are repeated until they have taken this long. */
const leastMs = 30
const tries = 3

function cpuMs(work: () => void): number {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

/** The processor time of one run: the least of some tries, because other threads of the process only add to it. */
function costOf(run: () => void): number {
  let times = 1
  while (cpuMs(() => repeat(run, times)) < leastMs) times *= 2
  const costs = Array.from({ length: tries }, () => cpuMs(() => repeat(run, times)) / times)
  return Math.min(...costs)
}

function repeat(run: () => void, times: number): void {
  for (let time = 0; time < times; time++) run()
}

const rows = Array.from({ length: 30 }, (_, n) => `2026-11-${String(n + 1).padStart(2, '0')}`)
const table = (header: string, cells: (n: number) => string) =>
  [`date,${header}`, ...rows.map((date, n) => `${date},${cells(n)}`)].join('\n')
const guess = (text: string) => () => {
  try {
    files.guess(Buffer.from(text))
  } catch {
    // A file that cannot be read is refused; what that costs is what is measured.
  }
}

/** Texts that somebody else writes, by their length; and what is done with them. */
const inputs: [string, (length: number) => () => void][] = [
  ['a long name of a column', (n) => guess(table(`a${'_'.repeat(n)}a`, String))],
  ['a long name of a column with spaces', (n) => guess(table(`a${' '.repeat(n)}a`, String))],
  ['a long name of a column in parentheses', (n) => guess(table(`a (${'('.repeat(n)}`, String))],
  ['many columns', (n) => guess(table(`v,`.repeat(n / 50), () => '1,'.repeat(n / 50)))],
  ['a long number', (n) => guess(table('v', () => '1'.repeat(n / 30)))],
  ['a long number with marks', (n) => guess(table('v', () => '1.'.repeat(n / 60)))],
  ['a long word in a cell', (n) => guess(table('v', () => 'a'.repeat(n / 30)))],
  ['a cell of spaces', (n) => guess(table('v', () => `1${' '.repeat(n / 30)}x`))],
  ['a cell of units', (n) => guess(table('v', () => '1 h '.repeat(n / 120)))],
  ['a long date', (n) => guess(`date,v\n${'1/'.repeat(n / 2)},1\n`)],
  ['many lines before the header', (n) => guess(`${'# x\n'.repeat(n / 4)}${table('v', String)}`)],
  ['open quotes', (n) => guess(`date,v\n${'"'.repeat(n)}`)],
  ['delimiters alone', (n) => guess(',;\t|'.repeat(n / 4))],
  ['empty lines', (n) => guess(`date,v\n${'\n'.repeat(n)}`)],
  ['a message of dots', (n) => () => void describeError(new Error('a.'.repeat(n / 2)))],
  ['a message of letters', (n) => () => void describeError(new Error('a'.repeat(n)))],
  ['an answer of brackets', (n) => () => void attempt(() => parseAnswer(Buffer.from('['.repeat(n)), 'x'))],
]

function attempt(work: () => unknown): unknown {
  try {
    return work()
  } catch {
    return undefined
  }
}

const length = 40_000

test.each(inputs)('%s costs at most two and a half times as much when it is twice as long', (_name, make) => {
  const ratio = () => costOf(make(2 * length)) / costOf(make(length))
  // A collection of memory may meet either of the two: only what is too much three times is.
  for (let left = 3; left > 0; left--) if (ratio() <= 2.5) return
  expect.fail('it costs more than two and a half times as much')
})
