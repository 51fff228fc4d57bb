import fc from 'fast-check'
import { expect, it } from 'vitest'
import { linePath, placePoints } from './line-path.ts'

const value = fc.option(fc.double({ min: 0, max: 100, noNaN: true }), { nil: null })
const scale = { low: 0, high: 100 }

it('has a point for each value and none for what is missing, and never a stroke across a gap', () => {
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 60 }), (values) => {
      const points = placePoints(values, scale)
      expect(points.map(({ index }) => index)).toEqual(
        values.flatMap((value, index) => (value === null ? [] : [index])),
      )
      const strokes = linePath(points)
        .split('M')
        .filter(Boolean)
        .map((run) => run.split('L').map((pair) => Number(pair.split(' ')[0])))
      const width = 100 / values.length
      for (const run of strokes) {
        expect(run.length).toBeGreaterThan(1)
        for (let at = 1; at < run.length; at += 1)
          expect(run[at]! - run[at - 1]!).toBeLessThan(width * 1.01 + 0.01)
      }
      const drawn = strokes.flat().length
      const lone = points.filter(
        ({ index }) => (values[index - 1] ?? null) === null && (values[index + 1] ?? null) === null,
      )
      expect(drawn).toBe(points.length - lone.length)
    }),
  )
})

it('places a zero on the ground and the highest at the top', () => {
  expect(placePoints([0, null, 100], scale)).toEqual([
    { index: 0, x: 16.667, y: 100 },
    { index: 2, x: 83.333, y: 0 },
  ])
})
