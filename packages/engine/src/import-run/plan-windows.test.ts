import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addDays } from '../clock.ts'
import { cutWindows } from './plan-windows.ts'

test('windows cover every day of the range once, none is too long, and the newest comes first', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 900 }), fc.integer({ min: 1, max: 400 }), (length, maxDays) => {
      const from = '2024-01-31'
      const to = addDays(from, length)
      const windows = cutWindows('s', [{ from, to }], maxDays)
      const days = windows.flatMap((window) => {
        const inside = []
        for (let day = window.to; day >= window.from; day = addDays(day, -1)) inside.push(day)
        expect(inside.length).toBeLessThanOrEqual(maxDays)
        return inside
      })
      expect(days).toEqual(Array.from({ length: length + 1 }, (_, index) => addDays(to, -index)))
    }),
  )
})
