import { guessClock } from './guess-clock.ts'
import { isNoNumber } from './is-none.ts'
import type { ColumnType, Decimal } from './mapping.ts'
import { createDurationReader } from './read-duration.ts'
import { createNumberReader } from './read-number.ts'
import { splitUnit, unitOfName } from './units.ts'

/** A cell such as `57m`: minutes beside durations such as `1h 18m`, otherwise metres. */
const singleM = /^\d{1,9}(?:[.,]\d{1,9})?\s?m\.?$/i
const durationName = /duration|dauer|durée|duración/i

/** What the cells of a column are. */
export interface TypeGuess {
  /** What they may be, the likeliest first; more than one is a question. */
  types: [ColumnType, ...ColumnType[]]
  /** The column's name without its unit. */
  name: string
  /** UCUM, of numbers. */
  unit?: string
  /** The unit as the cells have it, if they have one. */
  unitText?: string
  /** Units of which each is in many cells. */
  units?: { text: string; unit: string }[]
}

/** What most of a column's cells are: numbers, numbers with a unit, durations, times of day, or else words. */
export function guessType(column: string, filled: readonly string[], decimal: Decimal): TypeGuess {
  const readNumber = createNumberReader(decimal)
  const cells = filled.filter((cell) => !isNoNumber(cell))
  const count = (test: (cell: string) => boolean): number => cells.filter(test).length
  const { name, unit = '1' } = unitOfName(column)
  const withUnit = count((cell) => readNumber(splitUnit(cell)?.number ?? '') !== undefined)
  const numbers = count((cell) => readNumber(cell) !== undefined)
  const half = cells.length / 2

  if (numbers > half && numbers >= withUnit) return { types: ['number'], name, unit }
  const readDuration = createDurationReader(decimal, 'h:mm')
  const clock = guessClock(column, cells)
  const minutesOrMetres = count((cell) => singleM.test(cell))
  const surely = count((cell) => !singleM.test(cell) && readDuration(cell) !== undefined)
  const durations = surely + (surely > 0 || durationName.test(column) ? minutesOrMetres : 0)
  if (!clock && durations > half) return { types: ['duration'], name: column }
  if (withUnit + numbers > half && withUnit > 0) return withUnits(column, cells)
  return { types: clock ?? ['text'], name: column }
}

/** The unit that the most cells have. */
function withUnits(column: string, cells: readonly string[]): TypeGuess {
  const texts = new Map<string, { text: string; unit: string; count: number }>()
  for (const cell of cells) {
    const found = splitUnit(cell)
    if (!found) continue
    const known = texts.get(found.unit) ?? { text: found.text, unit: found.unit, count: 0 }
    known.count += 1
    texts.set(found.unit, known)
  }
  const units = [...texts.values()].toSorted((a, b) => b.count - a.count)
  const [first = { text: '', unit: '1', count: 0 }] = units
  const common = units.filter(({ count }) => count * 10 >= cells.length)
  const { name, unit } = unitOfName(column)
  const [stated] = unit === undefined ? [] : units.filter((one) => one.unit === unit)
  // Where the name of the column says the unit, cells need not.
  if (stated && stated === first) return { types: ['number'], name, unit: stated.unit }
  return {
    types: ['number'],
    name: column,
    unit: first.unit,
    unitText: first.text,
    ...(common.length > 1 && { units: common }),
  }
}
