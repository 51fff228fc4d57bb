import { expect, test } from 'vitest'
import { splitSeries } from './split-metric.ts'

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
