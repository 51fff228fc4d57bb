import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addDays } from '../domain/clock.ts'
import { findSeams } from './find-seams.ts'

const days = (sources: string) =>
  [...sources].map((source, index) => ({ date: addDays('2026-01-01', index), source }))

test('a series that goes over once has one seam, on the first day of the next source', () => {
  expect(findSeams(days('aaabbb'))).toEqual({
    seams: [{ day: '2026-01-04', from: 'a', to: 'b' }],
    filled: [],
  })
})

test('a few days of another source between those of one are filled in, and a week of them is a seam and another back', () => {
  expect(findSeams(days('aaabbaaaa'))).toEqual({
    seams: [],
    filled: [
      { date: '2026-01-04', source: 'b' },
      { date: '2026-01-05', source: 'b' },
    ],
  })
  expect(findSeams(days('abbbbbbba')).seams.map(({ from, to }) => from + to)).toEqual(['ab', 'ba'])
})

test('days without a value neither make a seam nor move it', () => {
  const gap = [...days('aaa'), { date: '2026-02-01', source: 'b' }, { date: '2026-02-02', source: 'b' }]
  expect(findSeams(gap)).toEqual({ seams: [{ day: '2026-02-01', from: 'a', to: 'b' }], filled: [] })
})

test('the newest days are a seam, however few they are', () => {
  expect(findSeams(days('aaaaaaaaab')).seams).toEqual([{ day: '2026-01-10', from: 'a', to: 'b' }])
})

test('a series of one source, or of none, has no seam', () => {
  expect(findSeams(days('aaa'))).toEqual({ seams: [], filled: [] })
  expect(findSeams([])).toEqual({ seams: [], filled: [] })
})

test('first source, seams and filled days say together who speaks on every day', () => {
  const series = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.integer({ min: 1, max: 12 })))
  fc.assert(
    fc.property(series, (stretches) => {
      const given = days(stretches.map(([source, length]) => source.repeat(length)).join(''))
      const { seams, filled } = findSeams(given)
      const byDay = new Map(filled.map(({ date, source }) => [date, source]))
      let speaks = given[0]?.source
      for (const { date, source } of given) {
        const seam = seams.find(({ day }) => day === date)
        if (seam) {
          expect(seam.from).toBe(speaks)
          expect(seam.to).not.toBe(seam.from)
          speaks = seam.to
        }
        expect(byDay.get(date) ?? speaks).toBe(source)
      }
    }),
  )
})
