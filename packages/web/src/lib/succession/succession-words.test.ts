import { expect, it } from 'vitest'
import type { NamedComparison } from './name-succession.ts'
import { placeSeams } from './place-seams.ts'
import { differenceText, overlapSentence, seamLabel, seamSentence } from './succession-words.ts'

const steps = { type: 'number', unit: '{steps}', kind: 'steps' } as const
const bedTime = { type: 'time', unit: null, kind: 'bed-time' } as const
const compared = (more: Partial<NamedComparison>): NamedComparison => ({
  one: { metric: 'old.steps', label: 'Old' },
  other: { metric: 'new.steps', label: 'New' },
  count: 120,
  meanDifference: 98,
  meanAbsoluteDifference: 300,
  meanPercent: 1.21,
  meanAbsolutePercent: 3.7,
  largest: [{ date: '2026-10-01', one: 8000, other: 9000, difference: 1000 }],
  ...more,
})
const seam = { day: '2026-11-03', from: 'Old', to: 'New' }

it('says by how much the second source is higher, and how far a day is apart', () => {
  expect(overlapSentence(compared({}), steps)).toBe(
    'On 120 days both report: New is 1.2\u00a0% higher on average. A day by itself is 300 steps (3.7\u00a0%) apart on average.',
  )
  expect(overlapSentence(compared({ meanDifference: -98, meanPercent: -1.21 }), steps)).toContain(
    '1.2\u00a0% lower',
  )
})

it('says so where the days are the same, or alike on average', () => {
  expect(overlapSentence(compared({ largest: [], count: 1 }), steps)).toBe(
    'Identical on the only day that both report.',
  )
  expect(overlapSentence(compared({ meanDifference: 1, meanPercent: 0.01 }), steps)).toContain(
    'on average Old and New are alike',
  )
})

it('compares times of day in minutes, earlier or later', () => {
  const times = compared({
    meanDifference: -12,
    meanAbsoluteDifference: 75,
    meanPercent: null,
    meanAbsolutePercent: null,
  })
  expect(overlapSentence(times, bedTime)).toBe(
    'On 120 days both report: New is 12 min earlier on average. A day by itself is 1 h 15 min apart on average.',
  )
  expect(differenceText(-12, bedTime)).toBe('−12 min')
  expect(differenceText(1000, steps)).toBe('+1,000')
})

it('names a seam by its sources and its day', () => {
  expect(seamLabel(seam)).toBe('Old → New on 3 Nov')
  expect(seamSentence(seam)).toBe('Old gives the values until 2 Nov 2026, New from then on.')
})

it('draws a seam between two days, within a week by its day, and none before the second day', () => {
  const day = (date: string) => ({ from: date, to: date })
  const days = ['2026-11-01', '2026-11-02', '2026-11-03', '2026-11-04'].map(day)
  expect(placeSeams([seam], days)).toEqual([{ day: '2026-11-03', x: 50, label: 'Old → New on 3 Nov' }])
  expect(placeSeams([seam], days.slice(2))).toEqual([])
  expect(placeSeams([seam], days.slice(0, 2))).toEqual([])
  const weeks = [
    { from: '2026-10-25', to: '2026-10-31' },
    { from: '2026-11-01', to: '2026-11-07' },
  ]
  expect(placeSeams([seam], weeks)[0]?.x).toBeCloseTo((100 * (1 + 2 / 7)) / 2)
})

it('leaves the labels away where seams are many', () => {
  const days = ['01', '02', '03', '04', '05'].map((day) => `2026-11-${day}`)
  const many = days.slice(1).map((day) => ({ ...seam, day }))
  const slots = days.map((day) => ({ from: day, to: day }))
  expect(placeSeams(many, slots).map(({ label }) => label)).toEqual([null, null, null, null])
})
