import { toMicroseconds, toMilliseconds } from '../database/binary-times.ts'
import type { Transaction } from '../database/database.ts'
import { MeasurementColumns } from './measurement-columns.ts'
import { type StoredSlice, readStored } from './read-stored.ts'
import type { IdOf, Slice, StagedWindow } from './staged-window.ts'

type Positions = Uint32Array | number[]

/** Where the measurements of one series in one window differ from the stored ones. */
export interface SeriesDifferences {
  window: number
  seriesId: number
  staged: MeasurementColumns
  /** Positions in `staged`, by start. */
  added: Positions
  changed: Positions
  /** The starts of stored ones that are gone, in microseconds since 2000. */
  removed: number[]
  /** When stored ones outside the window ended that are now in it, in milliseconds since 1970. */
  moved: number[]
}

/** Finds where the stored measurements of some slices differ from the staged ones. */
export async function compareMeasurements(
  db: Transaction,
  slices: Slice[],
  windows: StagedWindow[],
  idOf: IdOf,
): Promise<SeriesDifferences[]> {
  const held = await readStored(
    db,
    slices.filter(({ measured }) => measured),
  )
  const heldOf = new Map(held.map((one) => [keyOf(one.slice.window, one.slice.seriesId), one]))
  const compared: SeriesDifferences[] = []
  for (const [window, { staged }] of windows.entries()) {
    for (const [position, order] of staged.measurements.ordersBySeries()) {
      const seriesId = idOf(window, position)
      const key = keyOf(window, seriesId)
      compared.push(compareSeries({ window, seriesId, staged: staged.measurements }, order, heldOf.get(key)))
      heldOf.delete(key)
    }
  }
  const nothing = new Uint32Array()
  for (const one of heldOf.values()) {
    const { window, seriesId } = one.slice
    compared.push(compareSeries({ window, seriesId, staged: new MeasurementColumns() }, nothing, one))
  }
  return compared.filter(({ added, changed, removed }) => added.length + changed.length + removed.length > 0)
}

const keyOf = (window: number, seriesId: number) => `${window} ${seriesId}`

/** Walks what was staged of a series and what is stored of it side by side, both by start. */
export function compareSeries(
  of: Pick<SeriesDifferences, 'window' | 'seriesId' | 'staged'>,
  order: Uint32Array,
  held: StoredSlice | undefined,
): SeriesDifferences {
  if (!held) return { ...of, added: order, changed: [], removed: [], moved: [] }
  const { staged } = of
  const added: number[] = []
  const changed: number[] = []
  const removed: number[] = []
  const moved: number[] = []
  let next = 0
  const passUpTo = (start: number) => {
    for (; at(held.start, next) < start; next++)
      if (isWithin(held, next) && !isKept(held, next)) removed.push(at(held.start, next))
  }
  for (const position of order) {
    const start = toMicroseconds(at(staged.start, position))
    passUpTo(start)
    if (at(held.start, next) !== start) {
      added.push(position)
      continue
    }
    const same =
      at(held.end, next) === toMicroseconds(at(staged.end, position)) &&
      at(held.value, next) === at(staged.value, position)
    if (!same) changed.push(position)
    if (!isWithin(held, next)) moved.push(toMilliseconds(at(held.end, next)))
    next += 1
  }
  passUpTo(Infinity)
  return { ...of, added, changed, removed, moved }
}

/** A column's value, or `NaN` behind its end, which no comparison holds for. */
function at(column: Float64Array, index: number): number {
  return column[index] ?? NaN
}

/** Whether a stored measurement belongs to a day of its slice. */
function isWithin(held: StoredSlice, index: number): boolean {
  return !held.slice.byEnd || isIn(held.slice, belongsAt(held, index))
}

/** Whether a record that could not be read may be this one. */
function isKept(held: StoredSlice, index: number): boolean {
  return held.slice.keeps.some((span) => isIn(span, belongsAt(held, index)))
}

function belongsAt({ slice, start, end }: StoredSlice, index: number): number {
  return toMilliseconds(at(slice.byEnd ? end : start, index))
}

function isIn({ start, end }: { start: number; end: number }, instant: number): boolean {
  return instant >= start && instant < end
}
