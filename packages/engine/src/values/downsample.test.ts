import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { DayRule, Field, MappedRecord } from '@tributary/plugin-sdk'
import { stageRecords } from './stage-records.ts'
import { thin } from './downsample.ts'

const fieldBy = (day: DayRule): Record<string, Field> => ({
  beat: { name: 'Beat', type: 'number', unit: '/min', day },
})
const from = Date.UTC(2026, 0, 1)
const samples = fc.array(
  fc.record({ second: fc.nat({ max: 600 }), value: fc.integer({ min: 1, max: 200 }) }),
  { minLength: 1, maxLength: 60 },
)

async function thinned(rule: DayRule, points: { second: number; value: number }[]) {
  const records: MappedRecord[] = points.map(({ second, value }) => ({
    field: 'beat',
    start: from + second * 1000,
    value,
  }))
  const staged = await stageRecords({ fields: fieldBy(rule) }, records)
  const rows: { start: number; end: number; value: number }[] = []
  thin(staged, fieldBy(rule), 60).measurements.each((_, start, end, value) =>
    rows.push({ start, end, value }),
  )
  return rows
}

/** What a source said last of each second. */
function lastOf(points: { second: number; value: number }[]) {
  return [...new Map(points.map(({ second, value }) => [second, value]))].sort(([a], [b]) => a - b)
}

test('one measurement a minute stays, and says what the minute’s measurements do by their rule', async () => {
  const made: Record<string, (values: number[]) => number> = {
    sum: (values) => values.reduce((sum, value) => sum + value, 0),
    mean: (values) => values.reduce((sum, value) => sum + value, 0) / values.length,
    min: (values) => Math.min(...values),
    max: (values) => Math.max(...values),
    first: ([first = 0]) => first,
    last: (values) => values.at(-1) ?? 0,
  }
  await fc.assert(
    fc.asyncProperty(samples, fc.constantFrom(...(Object.keys(made) as DayRule[])), async (points, rule) => {
      const minutes = Map.groupBy(lastOf(points), ([second]) => Math.floor(second / 60))
      const rows = await thinned(rule, points)
      expect(rows.map(({ start }) => (start - from) / 60_000).sort((a, b) => a - b)).toEqual(
        [...minutes.keys()].sort((a, b) => a - b),
      )
      for (const { start, end, value } of rows) {
        expect(end - start).toBe(60_000)
        const values = (minutes.get((start - from) / 60_000) ?? []).map(([, of]) => of)
        expect(value).toBeCloseTo(made[rule]?.(values) ?? NaN, 9)
      }
    }),
  )
})

test('of measurements with the same series and start the last counts, in whatever order they come', async () => {
  await fc.assert(
    fc.asyncProperty(samples, async (points) => {
      const records = points.map(({ second, value }) => ({
        field: 'beat',
        start: from + second * 1000,
        value,
      }))
      const { measurements } = await stageRecords({ fields: fieldBy('mean') }, records)
      const rows: [number, number][] = []
      measurements.each((_, start, __, value) => rows.push([(start - from) / 1000, value]))
      expect(rows.sort(([a], [b]) => a - b)).toEqual(lastOf(points))
    }),
  )
})

test('a field whose day is not made of its measurements says by itself how those of a span become one', async () => {
  const points = [5, 20, 61].map((second) => ({ second, value: 10 }))
  const field: Field = { name: 'Beat', type: 'number', unit: '/min' }
  const thinnedBy = async (more: Partial<Field>) => {
    const fields = { beat: { ...field, ...more } }
    const records = points.map(({ second, value }) => ({ field: 'beat', start: from + second * 1000, value }))
    const rows: number[] = []
    thin(await stageRecords({ fields }, records), fields, 60).measurements.each((_, __, ___, value) =>
      rows.push(value),
    )
    return rows
  }
  expect(await thinnedBy({ span: 'sum' })).toEqual([20, 10])
  expect(await thinnedBy({ span: 'sum', day: 'mean' })).toEqual([20, 10])
  expect(await thinnedBy({})).toEqual([10, 10, 10])
  expect(await thinnedBy({ day: 'duration' })).toEqual([10, 10, 10])
})
