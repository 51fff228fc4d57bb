import { expect, test } from 'vitest'
import { summarizeDifferences } from './summarize-differences.ts'

const day = (date: string, one: number, other: number) => ({ date, one, other, difference: other - one })
const days = [day('2026-01-01', 100, 110), day('2026-01-02', 100, 100), day('2026-01-03', 100, 70)]

test('differences are summed up with and without their sign, and in per cent of the first source’s mean', () => {
  const summary = summarizeDifferences(days, true)
  expect(summary.meanDifference).toBeCloseTo(-20 / 3)
  expect(summary.meanPercent).toBeCloseTo(-20 / 3)
  expect(summary.meanAbsoluteDifference).toBeCloseTo(40 / 3)
  expect(summary.meanAbsolutePercent).toBeCloseTo(40 / 3)
})

test('the largest differences come first, the newest of equal ones, and days that agree are not among them', () => {
  const more = [...days, day('2026-01-04', 100, 130)]
  const { largest } = summarizeDifferences(more, true)
  expect(largest.map(({ date }) => date)).toEqual(['2026-01-04', '2026-01-03', '2026-01-01'])
  const many = Array.from({ length: 30 }, (_, index) => day(`2026-03-${10 + index}`, 0, index))
  expect(summarizeDifferences(many, true).largest).toHaveLength(10)
})

test('there is no share of a time of day, nor of zero', () => {
  expect(summarizeDifferences(days, false)).toMatchObject({ meanPercent: null, meanAbsolutePercent: null })
  expect(summarizeDifferences([day('2026-01-01', 0, 5)], true)).toMatchObject({
    meanDifference: 5,
    meanPercent: null,
  })
})
