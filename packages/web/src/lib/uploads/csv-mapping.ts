/** How a table is read, as the API guesses and takes it. */
export interface CsvMapping {
  delimiter: string
  decimal: string
  dateColumn: string
  dateFormat: string
  columns: CsvColumn[]
}

export interface CsvColumn {
  column: string
  field: string
  name: string
  type: ColumnType
  unit?: string
  kind?: string
  day?: string
}

export type ColumnType = 'number' | 'duration' | 'time' | 'text'

/** What the API guessed, where it is of this form; the files of another source may be read in another way. */
export function readMapping(guessed: unknown): CsvMapping | null {
  if (typeof guessed !== 'object' || guessed === null) return null
  const has = (key: string) => typeof (guessed as Record<string, unknown>)[key] === 'string'
  const whole = ['delimiter', 'decimal', 'dateColumn', 'dateFormat'].every(has)
  return whole && 'columns' in guessed && Array.isArray(guessed.columns) ? (guessed as CsvMapping) : null
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
  'YYYY/MM/DD': '2026/04/03 (year/month/day)',
  'DD-MM-YYYY': '03-04-2026 (day-month-year)',
  YYYYMMDD: '20260403 (year month day)',
}

export const typeNames: Record<ColumnType, string> = {
  number: 'Number',
  duration: 'Duration',
  time: 'Time of day',
  text: 'Text',
}

/** What the plain numbers of a duration count. */
export const durationUnitNames: Record<string, string> = { s: 'Seconds', min: 'Minutes', h: 'Hours' }

/** How the rows of a day become its value. */
export const dayRuleNames: Record<string, string> = {
  last: 'The last',
  first: 'The first',
  sum: 'Their sum',
  mean: 'Their mean',
  min: 'The lowest',
  max: 'The highest',
}
