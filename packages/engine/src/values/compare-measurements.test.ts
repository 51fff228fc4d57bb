import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toMicroseconds } from '../database/binary-times.ts'
import { compareSeries } from './compare-measurements.ts'
import { MeasurementColumns } from './measurement-columns.ts'
import type { Slice } from './staged-window.ts'

const slice: Slice = {
  seriesId: 7,
  window: 0,
  from: '2026-01-01',
  to: '2026-01-01',
  start: 0,
  end: 1000,
  measured: true,
  byEnd: false,
  keeps: [],
}
const points = fc.uniqueArray(
  fc.record({ start: fc.nat({ max: 30 }), length: fc.nat({ max: 2 }), value: fc.nat({ max: 2 }) }),
  { selector: ({ start }) => start, maxLength: 20 },
)
type Point = { start: number; length: number; value: number }

function compare(stagedPoints: Point[], heldPoints: Point[], keepsAll: boolean) {
  const staged = new MeasurementColumns()
  for (const { start, length, value } of stagedPoints) staged.add(0, start, start + length, value)
  staged.makeDistinct()
  const sorted = heldPoints.toSorted((a, b) => a.start - b.start)
  const held = {
    slice: { ...slice, keeps: keepsAll ? [{ start: 0, end: 1000 }] : [] },
    start: Float64Array.from(sorted, ({ start }) => toMicroseconds(start)),
    end: Float64Array.from(sorted, ({ start, length }) => toMicroseconds(start + length)),
    value: Float64Array.from(sorted, ({ value }) => value),
  }
  const order = staged.ordersBySeries().get(0) ?? new Uint32Array()
  const { added, changed, removed } = compareSeries({ window: 0, seriesId: 7, staged }, order, held)
  const startsAt = (positions: Iterable<number>) => Array.from(positions, (at) => staged.start[at])
  return { added: startsAt(added), changed: startsAt(changed), removed }
}

test('what differs is found whatever the order in which it came, and is named once, by start', () => {
  fc.assert(
    fc.property(points, points, fc.boolean(), (staged, held, keepsAll) => {
      const byStart = (a: Point, b: Point) => a.start - b.start
      const stored = new Map(held.map((point) => [point.start, point]))
      const told = new Set(staged.map(({ start }) => start))
      const differs = ({ start, length, value }: Point) =>
        stored.has(start) && (stored.get(start)?.length !== length || stored.get(start)?.value !== value)
      expect(compare(staged, held, keepsAll)).toEqual({
        added: staged
          .filter(({ start }) => !stored.has(start))
          .sort(byStart)
          .map(({ start }) => start),
        changed: staged
          .filter(differs)
          .sort(byStart)
          .map(({ start }) => start),
        removed: keepsAll
          ? []
          : held
              .filter(({ start }) => !told.has(start))
              .sort(byStart)
              .map(({ start }) => toMicroseconds(start)),
      })
    }),
  )
})

test('what came newest first is compared without being sorted', () => {
  const falling = Array.from({ length: 5 }, (_, at) => ({ start: 10 - at, length: 0, value: at }))
  expect(compare(falling, falling.slice(2), false)).toEqual({ added: [9, 10], changed: [], removed: [] })
})
