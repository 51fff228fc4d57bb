import { createNumberReader } from './read-number.ts'
import { type Decimal, durationUnits } from './mapping.ts'

/** Reads a trimmed cell as seconds; `undefined` where it is no duration. */
export type DurationReader = (cell: string) => number | undefined

const longestDuration = 60
const clockShape =
  /^(?:(\d{1,4})\s?d(?:ays?)?,?\s)?(\d{1,4}):([0-5]\d)(?::([0-5]\d)(?:[.,](\d{1,3}))?)?(?:\s?(h|hrs?|std|min)\.?)?$/i
const isoShape =
  /^P(?:(\d{1,4})D)?(?:T(?:(\d{1,6}(?:[.,]\d{1,6})?)H)?(?:(\d{1,6}(?:[.,]\d{1,6})?)M)?(?:(\d{1,9}(?:[.,]\d{1,6})?)S)?)?$/i
const part = /\s*(\d[\d.,]*)\s?(?:([\p{L}]+)\.?)?(?:\s?(?:,|and\s|und\s|et\s|y\s))?/uy

/** The words and letters for units of time in English, German, French and Spanish, in seconds. */
const words = new Map<string, number>(
  (
    [
      [86_400, 'd day days tag tage jour jours día días'],
      [3600, 'h hr hrs hour hours std stunde stunden heure heures hora horas'],
      [60, 'm min mins minute minutes minuten minuto minutos'],
      [1, 's sec secs second seconds sek sekunde sekunden seconde secondes segundo segundos'],
    ] as const
  ).flatMap(([seconds, names]) => names.split(' ').map((name) => [name, seconds] as const)),
)

/** A clock with two parts is hours and minutes, or minutes and seconds as on a stopwatch. */
export type ClockParts = 'h:mm' | 'm:ss'

/** Makes the reader of durations: `7h 30m`, `45 min`, `1:05:09`, `PT7H30M`, and by the clock's parts `1:05`. */
export function createDurationReader(decimal: Decimal, parts: ClockParts): DurationReader {
  const readWords = createWordReader(decimal)
  return (cell) => {
    if (cell.length > longestDuration) return undefined
    return readClockDuration(cell, parts) ?? readIsoDuration(cell) ?? readWords(cell)
  }
}

/** Reads `h:mm:ss`, and `h:mm` or `m:ss`; a unit behind it decides which. */
export function readClockDuration(cell: string, parts: ClockParts): number | undefined {
  const match = cell.length > longestDuration ? null : clockShape.exec(cell)
  if (!match) return undefined
  const [, days = '0', first = '', second = '', third, fraction = '0', unit] = match
  const before = Number(days) * 86_400
  if (third !== undefined)
    return before + Number(first) * 3600 + Number(second) * 60 + Number(`${third}.${fraction}`)
  const minutes = unit ? unit.toLowerCase() === 'min' : parts === 'm:ss'
  return before + (Number(first) * 60 + Number(second)) * (minutes ? 1 : 60)
}

/** Reads a duration of ISO 8601 without years, months or weeks. */
function readIsoDuration(cell: string): number | undefined {
  const match = isoShape.exec(cell)
  if (!match || cell.length < 3 || /t$/i.test(cell)) return undefined
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = match
    .slice(1)
    .map((part: string | undefined) => Number(part?.replace(',', '.') ?? 0))
  return days * 86_400 + hours * 3600 + minutes * 60 + seconds
}

/** Numbers with units, the longest first and each once; a last number without one counts what comes next: `7h30`. */
function createWordReader(decimal: Decimal): DurationReader {
  const readNumber = createNumberReader(decimal)
  return (cell) => {
    let total = 0
    let before = Infinity
    part.lastIndex = 0
    while (part.lastIndex < cell.length) {
      const [, digits = '', word] = part.exec(cell) ?? []
      const unit = word === undefined ? unitAfter(before, digits) : words.get(word.toLowerCase())
      const number = readNumber(digits)
      if (number === undefined || unit === undefined || unit >= before) return undefined
      total += number * unit
      before = unit
    }
    return before === Infinity ? undefined : rounded(total)
  }
}

function unitAfter(before: number, digits: string): number | undefined {
  return digits.length === 2 && Number(digits) < 60 ? { 3600: 60, 60: 1 }[before] : undefined
}

/** Without what binary fractions leave over: 1.1 h is 3960 s. */
function rounded(seconds: number): number {
  return Number(seconds.toPrecision(12))
}

/** Seconds of a plain number that counts a unit. */
export function secondsOf(number: number, unit: string): number | undefined {
  const seconds = durationUnits[unit]
  return seconds === undefined || number < 0 ? undefined : rounded(number * seconds)
}
