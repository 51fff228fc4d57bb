import { expect, it } from 'vitest'
import { sparklinePath } from './sparkline-path.ts'

it('leaves a gap at a day without a value, and a dot for a lone one', () => {
  expect(sparklinePath([0, 10, null, 5, null, null, 10], 66, 26)).toEqual({
    line: 'M3 23L13 3',
    dots: [
      { x: 33, y: 13 },
      { x: 63, y: 3 },
    ],
  })
})

it('draws equal values in the middle', () => {
  expect(sparklinePath([4, 4], 26, 20).line).toBe('M3 10L23 10')
})

it('draws nothing of nothing', () => {
  expect(sparklinePath([null, null], 26, 20)).toEqual({ line: '', dots: [] })
})
