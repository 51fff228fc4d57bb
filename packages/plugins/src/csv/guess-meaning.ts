import type { FileChoice, FileQuestion } from '@tributary/plugin-sdk'
import { shown, wordsOf } from './columns.ts'
import { type CsvColumn, type CsvMapping, isDuration } from './mapping.ts'
import type { Things } from './guess-things.ts'
import type { TypeGuess } from './guess-type.ts'
import { once } from './name-fields.ts'
import { unitOf } from './units.ts'

/** A column of earlier files. */
interface Known {
  column: CsvColumn
  /** Whether its file was of the same kind as this one. */
  sameKind: boolean
}

/** What earlier files brought. */
export interface EarlierFields {
  /** How their columns were read, the newest first. */
  known: Known[]
  /** Some values of each field. */
  samples: Record<string, number[]>
}

export function earlierFields(
  earlier: readonly { fileKind: string; mapping: CsvMapping }[],
  samples: Record<string, number[]>,
  kind: string,
): EarlierFields {
  const all = earlier.flatMap(({ fileKind, mapping }) =>
    mapping.columns.map((column) => ({ column, sameKind: fileKind === kind })),
  )
  return { known: all.toSorted((a, b) => Number(b.sameKind) - Number(a.sameKind)), samples }
}

/** A column with the field that its values belong to, and a question where that is not sure. */
export interface Meaning {
  column: CsvColumn
  question: ((at: number) => FileQuestion) | undefined
  /** Whether it has its field, among those of earlier files or as one of its own beside them. */
  known: boolean
  /** Whether a file of the same kind says how its cells are read. */
  recognised: boolean
}

/**
 * Finds the field of a column among those of earlier files. One name may have two meanings: where another unit or type stands
 * under it the column becomes a field of its own, and where its values are of another magnitude the person decides.
 */
export function findMeaning(
  { column, type: { types }, things }: { column: CsvColumn; type: TypeGuess; things: Things | undefined },
  values: readonly number[],
  { known, samples }: EarlierFields,
  taken: Set<string>,
): Meaning {
  const named = known.filter((one) => sharesName(one.column, column))
  const alike = named.filter((one) => types.some((type) => sameForm(one.column.type, type)))
  const fits = ({ column: before, sameKind }: Known): boolean =>
    // What is lifted is not what somebody weighs, though both are a “Weight”.
    (sameKind || things === undefined) &&
    (sameKind ? sameUnitInFile(before, column) : sameUnit(before, column)) &&
    sameMagnitude(samples[before.field] ?? [], values, {
      sure: sameKind && !isGeneric(column),
      level: !sameKind && column.day !== 'sum',
    })
  const same = alike.find((one) => fits(one) && !taken.has(one.column.field))
  if (same) {
    taken.add(same.column.field)
    return { column: adopt(column, same), question: undefined, known: true, recognised: same.sameKind }
  }
  if (named.length === 0) return { column, question: undefined, known: false, recognised: false }
  const fields = new Set([...taken, ...known.map((one) => one.column.field)])
  const field = once(column.field, fields, (again) => `${column.field}_${again}`)
  taken.add(field)
  const names = new Set(known.map((one) => one.column.name))
  const own = { ...column, field, name: once(column.name, names, (again) => `${column.name} (${again})`) }
  const doubtful = distinctFields(alike.filter((one) => mayBeSameUnit(one.column, column)))
  return {
    column: own,
    question: doubtful.length === 0 ? undefined : (at) => meaningQuestion(at, own, values, doubtful, samples),
    known: true,
    recognised: false,
  }
}

/** The column as the field that it belongs to. */
function adopt(column: CsvColumn, { column: before, sameKind }: Known): CsvColumn {
  const { field, name, kind, day, noValue = '' } = before
  return {
    ...column,
    field,
    name,
    ...(sameKind && { type: before.type, ...(before.unit !== undefined && { unit: before.unit }) }),
    ...(sameKind && column.noValue !== undefined && { noValue }),
    ...(kind !== undefined && { kind }),
    ...(day !== undefined && { day }),
  }
}

function meaningQuestion(
  at: number,
  own: CsvColumn,
  values: readonly number[],
  known: Known[],
  samples: Record<string, number[]>,
): FileQuestion {
  const choice = (column: CsvColumn, value: string, example: string): FileChoice => ({
    value,
    example,
    set: {
      [`/columns/${at}/field`]: column.field,
      [`/columns/${at}/name`]: column.name,
      ...(column.unit !== undefined && { [`/columns/${at}/unit`]: column.unit }),
      ...(column.kind !== undefined && { [`/columns/${at}/kind`]: column.kind }),
      ...(column.day !== undefined && { [`/columns/${at}/day`]: column.day }),
    },
  })
  const before = known.map(({ column }) =>
    choice(
      column,
      column.field,
      `The same as “${shown(column.name)}”, which has ${someOf(samples[column.field] ?? [])}`,
    ),
  )
  return {
    column: own.column,
    question: `Is “${shown(own.column)}” of this file, with ${someOf(values)}, what an earlier file has under that name?`,
    choices: [choice(own, own.field, `Another metric, “${shown(own.name)}”`), ...before],
  }
}

function someOf(values: readonly number[]): string {
  const some = [...new Set(values)].slice(0, 3)
  return some.length === 0 ? 'no values' : some.map((value) => Number(value.toPrecision(6))).join(', ')
}

const mostChoices = 3

function distinctFields(known: Known[]): Known[] {
  const fields = new Map(known.toReversed().map((one) => [one.column.field, one]))
  return [...fields.values()].toReversed().slice(0, mostChoices)
}

function sharesName(before: CsvColumn, column: CsvColumn): boolean {
  return before.field === column.field || wordsOf(before.column) === wordsOf(column.column)
}

function sameForm(a: CsvColumn['type'], b: CsvColumn['type']): boolean {
  return a === b || (isDuration(a) && isDuration(b))
}

function sameUnit(before: CsvColumn, column: CsvColumn): boolean {
  return column.type !== 'number' || (before.unit ?? '1') === (column.unit ?? '1')
}

/** Whether two files with the same header say the same unit; one that a person has added counts for both. */
function sameUnitInFile(before: CsvColumn, column: CsvColumn): boolean {
  const [a, b] = [before.unitText, column.unitText].map((text) => text && (unitOf(text) ?? text))
  return a === b && (sameUnit(before, column) || (column.unit ?? '1') === '1')
}

/** Whether one of the two does not say its unit. */
function mayBeSameUnit(before: CsvColumn, column: CsvColumn): boolean {
  return sameUnit(before, column) || (before.unit ?? '1') === '1' || (column.unit ?? '1') === '1'
}

const generic =
  /^(value|wert|amount|count|number|quantity|measure|measurement|result|reading|total|data|menge|valeur|valor|score|level|rate|x|y)$/

function isGeneric({ column }: CsvColumn): boolean {
  return generic.test(wordsOf(column))
}

/**
 * Whether values can be of one metric. Those of one program under a name that says what they are may be further apart, levels
 * that another program writes, such as weights, are not.
 */
export function sameMagnitude(
  known: readonly number[],
  found: readonly number[],
  { sure, level }: { sure: boolean; level: boolean },
): boolean {
  const [a, b] = [rangeOf(known), rangeOf(found)]
  if (!a || !b) return true
  if (ratio(a.middle, b.middle) >= (sure ? 100 : 20)) return false
  const [low, high] = a.most <= b.most ? [a, b] : [b, a]
  if (high.least <= low.most) return true
  const apart = high.least / low.most
  if (apart >= (sure ? 10 : 3)) return false
  const span = Math.max(low.most - low.least, high.most - high.least)
  const few = Math.min(a.count, b.count) < (level ? 1 : 3)
  return few || apart < 1.5 || high.least - low.most <= 5 * span
}

function ratio(a: number, b: number): number {
  return Math.max(a, b) / Math.min(a, b)
}

/** Where most of what differs from zero lies. */
function rangeOf(values: readonly number[]) {
  const sorted = values
    .map(Math.abs)
    .filter((value) => value > 0)
    .sort((a, b) => a - b)
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))] ?? 0
  const edge = sorted.length < 10 ? 0 : 0.1
  return sorted.length === 0
    ? undefined
    : { least: at(edge), most: at(1 - edge), middle: at(0.5), count: sorted.length }
}
