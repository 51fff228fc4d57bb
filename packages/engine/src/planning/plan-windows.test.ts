import type { PluginDeclaration } from '@tributary/plugin-sdk'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addDays } from '../domain/clock.ts'
import { isSameType } from '../sources/data-types.ts'
import { cutWindows, planWindows } from './plan-windows.ts'
import type { DayRange } from '../domain/day-ranges.ts'

test('windows cover every day of the range once, none is too long, and the newest comes first', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 900 }), fc.integer({ min: 1, max: 400 }), (length, maxDays) => {
      const from = '2024-01-31'
      const to = addDays(from, length)
      const windows = cutWindows({ stream: 's', dataType: '' }, [{ from, to }], maxDays)
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

test('of all data types the windows with the newest days are asked first', () => {
  const limits = { short: 3, long: 30, other: 7 }
  const ranges = fc.uniqueArray(fc.nat({ max: 60 }), { maxLength: 4 }).map((cuts) => {
    const days = cuts.sort((one, next) => next - one).map((cut) => addDays('2026-01-01', cut))
    return days.flatMap((to, index): DayRange[] =>
      index % 2 === 0 ? [{ from: days[index + 1] ?? to, to }] : [],
    )
  })
  fc.assert(
    fc.property(fc.record({ short: ranges, long: ranges, other: ranges }), (asked) => {
      const streams = Object.fromEntries(
        Object.entries(limits).map(([id, maxDaysPerRequest]) => [id, { maxDaysPerRequest }]),
      )
      const plugin = { streams } as unknown as PluginDeclaration
      const planned = Object.entries(asked).flatMap(([stream, ranges]) =>
        ['one', 'two'].map((dataType) => ({ stream, dataType, ranges })),
      )
      const windows = planWindows(plugin, planned)
      const ends = windows.map(({ to }) => to)
      expect(ends).toEqual(ends.toSorted().reverse())
      for (const { ranges, ...type } of planned)
        expect(windows.filter((window) => isSameType(window, type))).toEqual(
          cutWindows(type, ranges, limits[type.stream as keyof typeof limits]),
        )
    }),
  )
})
