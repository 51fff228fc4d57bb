import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ValueForm } from '../values/format-value.ts'
import { niceScale } from './nice-ticks.ts'

const form = (type: ValueForm['type'], unit: string | null = null): ValueForm => ({ type, unit, kind: null })
const forms = [form('number', 'kg'), form('number', '{steps}'), form('duration'), form('time')]

describe('an axis', () => {
  it('holds all values between even marks, of which there are few', () => {
    const numbers = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 20 })
    fc.assert(
      fc.property(numbers, fc.constantFrom(...forms), fc.boolean(), (values, form, fromZero) => {
        const { low, high, ticks } = niceScale(values, form, fromZero)
        const room = (high - low) * 1e-6 + 1e-8
        for (const value of values) {
          expect(value).toBeGreaterThanOrEqual(low - room)
          expect(value).toBeLessThanOrEqual(high + room)
        }
        expect(ticks.length).toBeGreaterThanOrEqual(2)
        expect(ticks.length).toBeLessThanOrEqual(8)
        expect([ticks[0], ticks.at(-1)]).toEqual([low, high])
        const step = (high - low) / (ticks.length - 1)
        for (const [index, tick] of ticks.entries())
          expect(Math.abs(tick - (low + index * step))).toBeLessThan(room)
        if (fromZero) expect(ticks).toContain(0)
      }),
    )
  })

  it.each([
    [[186, 20_608], form('number', '{steps}'), true, [0, 5000, 10_000, 15_000, 20_000, 25_000]],
    [[72.2, 74.9], form('number', 'kg'), false, [72, 73, 74, 75, 76]],
    [[0.1, 0.3], form('number', 'km'), true, [0, 0.1, 0.2, 0.3]],
    [[22_000, 27_000], form('duration'), true, [0, 7200, 14_400, 21_600, 28_800]],
    [[-84, 69], form('time'), false, [-120, -60, 0, 60, 120]],
    [[1, 2], form('number', '{cups}'), true, [0, 1, 2]],
    [[5], form('number', '1'), false, [3.5, 4, 4.5, 5, 5.5, 6, 6.5]],
    [[0, 0], form('duration'), true, [0, 900, 1800, 2700, 3600]],
    [[0, 1], form('yes-no'), true, [0, 1]],
  ])('of %j has round marks', (values, form, fromZero, ticks) => {
    expect(niceScale(values, form, fromZero).ticks).toEqual(ticks)
  })
})
