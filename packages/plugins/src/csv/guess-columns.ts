import type { FileQuestion } from '@tributary/plugin-sdk'
import { type Column, shown } from './columns.ts'
import { guessDay, isOfMeals } from './guess-day.ts'
import type { InstantGuess } from './guess-instant.ts'
import { isLeftOut } from './guess-left-out.ts'
import { type EarlierFields, findMeaning } from './guess-meaning.ts'
import { findNoValue, noValueQuestion } from './guess-no-value.ts'
import { findThings, type Things, thingsQuestion } from './guess-things.ts'
import { guessType, type TypeGuess } from './guess-type.ts'
import type { ColumnType, CsvColumn, Decimal } from './mapping.ts'
import { fieldId, once } from './name-fields.ts'
import { createColumnReader } from './read-cell.ts'

/** A column that can be imported. */
interface Draft {
  column: CsvColumn
  /** Whether the guess imports it. */
  included: boolean
  type: TypeGuess
  /** What its values are of, where they cannot be added up over them. */
  things: Things | undefined
  /** What has to be decided, by the place of the column in the mapping. */
  questions: ((at: number) => FileQuestion)[]
}

export interface ColumnsGuess {
  /** Those that the guess imports, and all that can be. */
  included: CsvColumn[]
  candidates: CsvColumn[]
  questions: FileQuestion[]
}

const longestTitle = 100

/** Guesses what the columns beside the dates are. */
export function guessColumns(
  columns: readonly Column[],
  instant: InstantGuess,
  rows: readonly string[][],
  decimal: Decimal,
  earlier: EarlierFields,
): ColumnsGuess {
  const meals = isOfMeals(columns.map(({ name }) => name))
  const things = findThings(columns, instant, rows)
  const drafts = columns.map((column) => {
    const repeated = isRepeated(column, instant, rows)
    return draftColumn(column, instant, decimal, { meals, repeated, things })
  })
  const inOrder = [
    ...drafts.filter(({ included }) => included),
    ...drafts.filter(({ included }) => !included),
  ]
  findFields(inOrder, columns, instant, rows, decimal, earlier)
  const included = drafts.filter((draft) => draft.included)
  return {
    included: included.map(({ column }) => column),
    candidates: drafts.map(({ column }) => column),
    questions: included.flatMap(({ questions }, at) => questions.map((question) => question(at))),
  }
}

/** Whether rows of one moment always have the same cell in a column, and some moments have several rows. */
function isRepeated(
  { at }: Column,
  { timed, mapping, used }: InstantGuess,
  rows: readonly string[][],
): boolean {
  const date = [...used].find(({ name }) => name === mapping.dateColumn)
  if (!timed || mapping.timeColumn !== undefined || !date) return false
  const cells = new Map<string, string>()
  let several = false
  for (const row of rows) {
    const moment = row[date.at] ?? ''
    const cell = row[at] ?? ''
    const before = cells.get(moment)
    if (before !== undefined && before !== cell) return false
    several ||= before !== undefined
    cells.set(moment, cell)
  }
  return several
}

/** Words are left out where a day can have several rows, of which only the last would count. */
function draftColumn(
  column: Column,
  instant: InstantGuess,
  decimal: Decimal,
  { meals, repeated, things }: { meals: boolean; repeated: boolean; things: Things | undefined },
): Draft {
  const type = guessType(column.name, column.cells, decimal)
  const [first] = type.types
  const wordless = instant.timed || instant.severalADay
  const included = !instant.used.has(column) && !isLeftOut(column, first) && !(wordless && first === 'text')
  const rule = guessDay(column.name, { type: first, unit: type.unit, meals, repeated })
  const ofThings = first === 'number' && rule !== 'sum' && !repeated ? things : undefined
  const drafted: CsvColumn = {
    column: column.name,
    field: fieldId(column.name),
    name: type.name.slice(0, longestTitle),
    type: first,
    ...(first === 'number' && type.unit !== undefined && { unit: type.unit }),
    ...(type.unitText !== undefined && { unitText: type.unitText }),
    ...(first !== 'text' && { day: ofThings && rule === 'last' ? 'max' : rule }),
  }
  const noValue = findNoValue(drafted, column.cells, decimal)
  return {
    column: { ...drafted, ...(noValue !== undefined && { noValue }) },
    included,
    type,
    things: ofThings,
    questions: [],
  }
}

/** Gives each column its field: first to those that earlier files have too, so that none takes another's. */
function findFields(
  drafts: Draft[],
  columns: readonly Column[],
  instant: InstantGuess,
  rows: readonly string[][],
  decimal: Decimal,
  earlier: EarlierFields,
): void {
  const taken = new Set<string>()
  const found = drafts.map((draft) => {
    const column = columns.find(({ name }) => name === draft.column.column)
    const values = column ? valuesOf(column, draft.column, instant, rows, decimal) : []
    return findMeaning(draft, values, earlier, taken)
  })
  for (const [at, draft] of drafts.entries()) {
    const meaning = found[at]
    if (!meaning) continue
    draft.column = meaning.known ? meaning.column : freshField(meaning.column, taken)
    if (meaning.question) draft.questions.push(meaning.question)
    if (!meaning.recognised) draft.questions.push(...typeQuestions(draft, columns))
  }
}

function freshField(column: CsvColumn, taken: Set<string>): CsvColumn {
  return { ...column, field: once(column.field, taken, (again) => `${column.field}_${again}`) }
}

/** The numbers of a column as a day's value is made of them. */
function valuesOf(
  { at }: Column,
  column: CsvColumn,
  { days, timed, severalADay }: InstantGuess,
  rows: readonly string[][],
  decimal: Decimal,
): number[] {
  if (column.type !== 'number') return []
  const read = createColumnReader(column, decimal)
  const sums = new Map<string, number>()
  const summed = severalADay && !timed && column.day === 'sum'
  for (const [row, cells] of rows.entries()) {
    const value = read(cells[at] ?? '')
    const day = summed ? days[row] : String(row)
    if (typeof value === 'number' && day !== undefined) sums.set(day, (sums.get(day) ?? 0) + value)
  }
  return [...sums.values()]
}

/** Questions about how the cells of a column are read. */
function typeQuestions({ column, type, things }: Draft, columns: readonly Column[]): Draft['questions'] {
  const cells = columns.find(({ name }) => name === column.column)?.cells ?? []
  const questions: Draft['questions'] = []
  if (type.types.length > 1) {
    const cell = clockIn(cells, column, type.types)
    questions.push((at) => clockQuestion(at, column, cell, type.types))
  }
  if (things) questions.push((at) => thingsQuestion(at, column, things))
  if (column.noValue) questions.push((at) => noValueQuestion(at, column))
  if (type.units) questions.push((at) => unitQuestion(at, column, type.units ?? []))
  return questions
}

/** A cell that is another value in each of the types. */
function clockIn(cells: readonly string[], column: CsvColumn, types: readonly ColumnType[]): string {
  const differs = (cell: string): boolean =>
    types.every((type) => typeof createColumnReader({ ...column, type }, '.')(cell) === 'number')
  return (
    cells.find((cell) => /^\d+:\d\d$/.test(cell) && differs(cell)) ?? cells.find(differs) ?? cells[0] ?? ''
  )
}

const clockWords: Partial<Record<ColumnType, (cell: string) => string>> = {
  time: (cell) => `${cell} is a time of day`,
  duration: (cell) =>
    cell.split(':').length > 2 ? `${cell} is hours, minutes and seconds` : `${cell} is hours and minutes`,
  stopwatch: (cell) => `${cell} is minutes and seconds`,
}

function clockQuestion(
  at: number,
  column: CsvColumn,
  cell: string,
  types: readonly ColumnType[],
): FileQuestion {
  return {
    column: column.column,
    question: `What is "${shown(cell)}" in “${shown(column.column)}”?`,
    choices: types.map((type) => ({
      value: type,
      example: clockWords[type]?.(shown(cell)) ?? type,
      set: {
        [`/columns/${at}/type`]: type,
        [`/columns/${at}/day`]: guessDay(column.column, { type, meals: false }),
      },
    })),
  }
}

function unitQuestion(at: number, column: CsvColumn, units: { text: string; unit: string }[]): FileQuestion {
  return {
    column: column.column,
    question: `“${shown(column.column)}” has values in ${units.map(({ text }) => text).join(' and ')}: which are imported?`,
    choices: units.map(({ text, unit }) => ({
      value: unit,
      example: `Those in ${text}; rows with another unit are rejected`,
      set: { [`/columns/${at}/unit`]: unit, [`/columns/${at}/unitText`]: text },
    })),
  }
}
