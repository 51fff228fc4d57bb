import type { FileGuess } from '@tributary/engine'

/** How a table is read, as the API guesses and takes it. */
export interface CsvMapping {
  delimiter: string
  decimal: string
  dateColumn: string
  dateFormat: string
  timeColumn?: string
  zone?: string
  wholeDays?: boolean
  columns: CsvColumn[]
}

export interface CsvColumn {
  column: string
  field: string
  name: string
  type: ColumnType
  unit?: string
  unitText?: string
  noValue?: string
  kind?: string
  day?: string
}

export type ColumnType = 'number' | 'duration' | 'stopwatch' | 'time' | 'text'

/** A guess of a table. */
export type CsvGuess = FileGuess & { mapping: CsvMapping; preview: { candidates: CsvMapping } }

/** Whether a guess is of a table; the files of another source may be read in another way. */
export function isCsvGuess(guess: FileGuess): guess is CsvGuess {
  return isMapping(guess.mapping) && isMapping(guess.preview.candidates)
}

function isMapping(mapping: unknown): boolean {
  if (typeof mapping !== 'object' || mapping === null) return false
  const isText = (key: string) => typeof (mapping as Record<string, unknown>)[key] === 'string'
  const whole = ['delimiter', 'decimal', 'dateColumn', 'dateFormat'].every(isText)
  return whole && 'columns' in mapping && Array.isArray(mapping.columns)
}

/** What may stand between two cells, in words. */
export const delimiterNames: Record<string, string> = {
  ',': 'Comma ,',
  ';': 'Semicolon ;',
  '\t': 'Tab',
  '|': 'Bar |',
}

export const decimalNames: Record<string, string> = { '.': 'Point, as in 72.5', ',': 'Comma, as in 72,5' }

/** Each way of writing a day with 3 April 2026 in it. */
export const dateFormatNames: Record<string, string> = {
  'YYYY-MM-DD': '2026-04-03 (year-month-day)',
  'DD.MM.YYYY': '03.04.2026 (day.month.year)',
  'MM/DD/YYYY': '04/03/2026 (month/day/year)',
  'DD/MM/YYYY': '03/04/2026 (day/month/year)',
  'MM-DD-YYYY': '04-03-2026 (month-day-year)',
  'DD-MM-YYYY': '03-04-2026 (day-month-year)',
  'MM.DD.YYYY': '04.03.2026 (month.day.year)',
  'YYYY/MM/DD': '2026/04/03 (year/month/day)',
  'YYYY.MM.DD': '2026.04.03 (year.month.day)',
  YYYYMMDD: '20260403 (year month day)',
  'DD.MM.YY': '03.04.26 (day.month.year)',
  'MM/DD/YY': '04/03/26 (month/day/year)',
  'DD/MM/YY': '03/04/26 (day/month/year)',
  'YY/MM/DD': '26/04/03 (year/month/day)',
  'MM-DD-YY': '04-03-26 (month-day-year)',
  'DD-MM-YY': '03-04-26 (day-month-year)',
  'YY-MM-DD': '26-04-03 (year-month-day)',
  'DD MMM YYYY': '3 Apr 2026 (day month year)',
  'MMM DD YYYY': 'Apr 3, 2026 (month day, year)',
  'YYYY MMM DD': '2026 Apr 3 (year month day)',
  'DD MMM YY': '3-Apr-26 (day-month-year)',
  'unix-seconds': '1775174400 (seconds since 1970)',
  'unix-milliseconds': '1775174400000 (milliseconds since 1970)',
}

export const typeNames: Record<ColumnType, string> = {
  number: 'Number',
  duration: 'Duration (h:mm)',
  stopwatch: 'Duration (m:ss)',
  time: 'Time of day',
  text: 'Text',
}

/** What the plain numbers of a duration count. */
export const durationUnitNames: Record<string, string> = {
  '': 'As written',
  s: 'Seconds',
  min: 'Minutes',
  h: 'Hours',
}

/** How the rows of a day become its value. */
export const dayRuleNames: Record<string, string> = {
  last: 'The last',
  first: 'The first',
  sum: 'Their sum',
  mean: 'Their mean',
  min: 'The lowest',
  max: 'The highest',
}
