import type { ColumnType, CsvColumn, CsvMapping } from './csv-mapping.ts'

/** A column while a person decides about it. */
export interface ColumnDraft {
  column: string
  include: boolean
  field: string
  name: string
  type: ColumnType
  /** Empty where it has none. */
  unit: string
  unitText: string | undefined
  /** A cell that says that there is no value. */
  noValue: string | undefined
  kind: string | undefined
  day: string
  /** Whether a person has changed it, so that another guess leaves it as it is. */
  edited: boolean
}

/** Drafts of all columns that can be imported: those that were edited as they are, the others as they are guessed. */
export function draftColumns(
  candidates: readonly CsvColumn[],
  guessed: readonly CsvColumn[],
  before: readonly ColumnDraft[],
): ColumnDraft[] {
  const included = new Set(guessed.map(({ column }) => column))
  return candidates.map((candidate) => {
    const edited = before.find(({ column, edited }) => edited && column === candidate.column)
    return edited ?? { ...fromColumn(candidate), include: included.has(candidate.column) }
  })
}

/** A column as the API takes it: a unit only where its type has one, a rule for the day where days can have several values. */
export function toColumn({
  column,
  field,
  name,
  type,
  unit,
  unitText,
  noValue,
  kind,
  day,
}: ColumnDraft): CsvColumn {
  const written = unit.trim()
  const isNumber = type === 'number'
  return {
    column,
    field,
    name: name.trim() || column,
    type,
    ...(isNumber && { unit: written || '1' }),
    ...((type === 'duration' || type === 'stopwatch') && written && { unit: written }),
    ...(isNumber && unitText !== undefined && { unitText }),
    ...(noValue !== undefined && { noValue }),
    ...(kind !== undefined && { kind }),
    ...(type !== 'text' && { day }),
  }
}

/** What an answer sets in the mapping that was guessed, or what the guess has there. */
export type Setting = [path: string[], value: unknown]

/** The settings of an answer, and the guess's own for those of the question's other answers. */
export function settingsOf(
  mapping: CsvMapping,
  choices: readonly { value: string; set: Record<string, string> }[],
  value: string,
): Setting[] {
  const chosen = choices.find((choice) => choice.value === value)?.set ?? {}
  const pointers = new Set(choices.flatMap(({ set }) => Object.keys(set)))
  return [...pointers].map((pointer) => {
    const path = pathOf(pointer)
    return [path, pointer in chosen ? chosen[pointer] : valueAt(mapping, path)]
  })
}

/** Applies what is set of a column to its draft. */
export function setInDraft(draft: ColumnDraft, key: string, value: unknown): void {
  if (key === 'unit') draft.unit = value === undefined || value === '1' ? '' : String(value)
  else Object.assign(draft, { [key]: value })
  draft.edited = true
}

/** The parts of a JSON pointer (RFC 6901). */
function pathOf(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
}

function valueAt(mapping: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (found, part) => (found as Record<string, unknown> | undefined)?.[part],
    mapping,
  )
}

function fromColumn({
  column,
  field,
  name,
  type,
  unit,
  unitText,
  noValue,
  kind,
  day,
}: CsvColumn): ColumnDraft {
  return {
    column,
    include: false,
    field,
    name,
    type,
    unit: unit === undefined || unit === '1' ? '' : unit,
    unitText,
    noValue,
    kind,
    day: day ?? 'last',
    edited: false,
  }
}
