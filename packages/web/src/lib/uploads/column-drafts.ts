import type { ColumnType, CsvColumn } from './csv-mapping.ts'
import { cellsOf, type Table } from './read-table.ts'

/** A column while a person decides about it. */
export interface ColumnDraft {
  column: string
  include: boolean
  field: string
  name: string
  type: ColumnType
  unit: string
  kind: string | undefined
  day: string
}

/** Drafts of all columns of a table, those first that are in the guess or were drafted before as they are there. */
export function draftColumns(
  table: Table,
  guessed: CsvColumn[],
  before: ColumnDraft[],
  dateColumn: string,
): ColumnDraft[] {
  const named = table.header.filter((column) => column !== '')
  const taken = new Set([...guessed, ...before].map(({ field }) => field))
  return named.map((column) => {
    const known = before.find((draft) => draft.column === column)
    if (known) return known
    const guess = guessed.find((one) => one.column === column)
    if (guess) return fromGuess(guess)
    const cells = cellsOf(table, column)
    const numeric = cells.filter((cell) => /^[-+−]?[\d.,\s'’]*\d$/.test(cell)).length * 2 > cells.length
    const field = freeField(column, taken)
    taken.add(field)
    return {
      column,
      include: before.length > 0 && cells.length > 0 && column !== dateColumn,
      field,
      name: column,
      type: numeric ? 'number' : 'text',
      unit: '',
      kind: undefined,
      day: 'last',
    }
  })
}

/** A column as the API takes it: a unit only where its type has one, a rule for the day only where rows have times. */
export function toColumn(
  { column, field, name, type, unit, kind, day }: ColumnDraft,
  timed: boolean,
): CsvColumn {
  const written = unit.trim()
  return {
    column,
    field,
    name: name.trim() || column,
    type,
    ...(type === 'number' && { unit: written || '1' }),
    ...(type === 'duration' && { unit: written || 's' }),
    ...(kind !== undefined && { kind }),
    ...(timed && { day }),
  }
}

function fromGuess({ column, field, name, type, unit, kind, day }: CsvColumn): ColumnDraft {
  const shown = type === 'duration' ? (unit ?? 's') : unit === '1' ? '' : (unit ?? '')
  return { column, include: true, field, name, type, unit: shown, kind, day: day ?? 'last' }
}

function freeField(column: string, taken: Set<string>): string {
  const id =
    column
      .normalize('NFC')
      .replace(/[^\p{L}\p{M}\p{N}_]+/gu, '_')
      .replace(/^_+|_+$/g, '') || 'column'
  let free = id
  for (let again = 2; taken.has(free); again += 1) free = `${id}_${again}`
  return free
}
