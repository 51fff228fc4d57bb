import { wordsOf } from './columns.ts'
import type { ColumnType } from './mapping.ts'
import { readClock, readTime } from './read-clock.ts'
import { readClockDuration } from './read-duration.ts'

/** What a column of clocks such as `7:30` may be; the first is the likeliest, and one alone is sure. */
export type ClockTypes = [ColumnType, ...ColumnType[]]

const points =
  /start|begin|onset|\bend\b|ende$|bed ?time|\bwake|\bwoke|wach|from\b|until|\bat\b|\bvon\b|\bbis\b|aufsteh|uhrzeit|time of day|lights out|\bgot up|\bup\b|fell asleep|sunrise|sunset|coucher|lever|acost/
const latencies = /asleep (in|after)\b|latency|\btime to\b|einschlafdauer|endormissement/
const sleep = /sleep|asleep|in bed|awake|schlaf|sommeil|sueño|slaap|\brem\b|\bnap\b/
const spans =
  /duration|length|elapsed|dauer|länge|durée|duraci|duur|lengte|moving|total|ride|\brun|workout|training|\btime\b|zeit\b/
const pace = /pace|split|\/ ?km|min km|tempo\b|ritmo|allure|andatura|\bgap\b/

interface Clocks {
  /** Cells with two parts, and with three. */
  two: number
  three: number
  /** Cells with three parts of which the last is not zero. */
  toTheSecond: number
  /** The highest first part. */
  most: number
  /** Whether a cell begins with a zero as times of day do, and whether one has a single digit. */
  padded: boolean
  single: boolean
  half: boolean
  /** Whether all are zero, as a span that is never measured. */
  zero: boolean
}

const shape = /^-?(\d{1,4})(?::([0-5]\d)(:[0-5]\d(?:[.,]\d{1,3})?)?)?(\s?[ap]\.?\s?m\.?|\s?uhr)?/i

/** What the cells of a column can be that are clocks for the most part; `undefined` where they are not. */
export function guessClock(column: string, cells: readonly string[]): ClockTypes | undefined {
  const clocks = cells.filter((cell) => isClock(cell))
  if (clocks.length * 2 <= cells.length) return undefined
  const found = gather(clocks)
  const words = wordsOf(column)
  if (found.half) return ['time']
  if (found.most > 24) return longClocks(found, words)
  if (latencies.test(words)) return ['duration']
  if (points.test(words)) return found.zero ? ['time', 'duration'] : ['time']
  if (pace.test(words)) return ['stopwatch']
  if (sleep.test(words)) return found.most < 17 ? ['duration'] : ['time', 'duration']
  if (found.two === 0) return secondsShown(found, words)
  if (found.three > 0) return ['stopwatch', 'duration', 'time']
  return spans.test(words) ? ['duration', 'stopwatch'] : ['time', 'duration', 'stopwatch']
}

/** Past 24 hours no clock is a time of day. */
function longClocks({ two, three }: Clocks, words: string): ClockTypes {
  if (two === 0 || sleep.test(words)) return ['duration']
  // `45:30` beside `1:05:09` is a stopwatch's.
  return three > 0 || pace.test(words) ? ['stopwatch'] : ['duration', 'stopwatch']
}

/** `1:05:09` is hardly a time of day, `07:05:00` may be one; one to the second is rather measured than read from a clock. */
function secondsShown({ most, single, three, toTheSecond }: Clocks, words: string): ClockTypes {
  if (spans.test(words) || most < 5 || (single && most < 10)) return ['duration']
  return toTheSecond * 2 > three ? ['duration', 'time'] : ['time', 'duration']
}

/** Whether a column that is called a time is the time of day of its rows, and no span of time. */
export function isTimeOfRows(cells: readonly string[], sport: boolean): boolean {
  if (cells.every((cell) => /^\d{1,2}$/.test(cell))) return false
  const clocks = cells.filter((cell) => readClock(cell) !== undefined)
  if (clocks.length * 2 <= cells.length || cells.some((cell) => isClock(cell) && !readClock(cell)))
    return false
  const { half, padded, three, single, most } = gather(clocks)
  if (half) return true
  if (most >= 24) return false
  if (three > 0 && single && most < 10) return false
  return padded || !sport
}

function isClock(cell: string): boolean {
  return readTime(cell) !== undefined || readClockDuration(cell, 'h:mm') !== undefined
}

function gather(cells: readonly string[]): Clocks {
  const clocks = {
    two: 0,
    three: 0,
    toTheSecond: 0,
    most: 0,
    padded: false,
    single: false,
    half: false,
    zero: true,
  }
  for (const cell of cells) {
    const [, first = '', , third, half] = shape.exec(cell) ?? []
    if (third === undefined) clocks.two += 1
    else clocks.three += 1
    if (third && /[1-9]/.test(third)) clocks.toTheSecond += 1
    // 24:00 is the end of a day.
    const whole = Number(first) + (Number(first) === 24 && !/^24:00(:00)?$/.test(cell) ? 1 : 0)
    clocks.most = Math.max(clocks.most, whole)
    clocks.zero &&= !/[1-9]/.test(cell)
    clocks.padded ||= /^0\d$/.test(first)
    clocks.single ||= first.length === 1
    clocks.half ||= half !== undefined
  }
  return clocks
}
