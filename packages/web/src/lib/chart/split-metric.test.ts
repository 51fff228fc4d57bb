import { expect, test } from 'vitest'
import { splitSeries, splitTotals } from './split-metric.ts'

test('the largest parts come first, and a day without a part has no value', () => {
  const split = [
    { date: '2026-01-01', values: { small: 1, large: 5 } },
    { date: '2026-01-03', values: { large: 2 } },
  ]
  const series = splitSeries('a.b', ['2026-01-01', '2026-01-02', '2026-01-03'], split)
  expect(series.map(({ label, values }) => [label, values])).toEqual([
    ['large', [5, null, 2]],
    ['small', [1, null, null]],
  ])
})

test('beyond what can be told apart the smaller parts are one, and a day’s total has all of them', () => {
  const values = { a: 1, b: 2, c: 3, d: 4, e: 5, f: 6, g: 7 }
  const days = ['2026-01-01', '2026-01-02']
  const split = [{ date: '2026-01-01', values }]
  const series = splitSeries('a.b', days, split)
  expect(series.map(({ label }) => label)).toEqual(['g', 'f', 'e', 'd', 'c', '2 others'])
  expect(series.at(-1)?.values).toEqual([3, null])
  expect(splitTotals(days, split)).toEqual([28, null])
})
