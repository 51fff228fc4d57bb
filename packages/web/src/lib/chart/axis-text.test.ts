import { expect, it } from 'vitest'
import type { ValueForm } from '../values/format-value.ts'
import { axisText } from './axis-text.ts'
import { meanText, slotText } from './chart-words.ts'

it.each<[number, ValueForm['type'], string]>([
  [27_000, 'duration', '7:30'],
  [0, 'duration', '0:00'],
  [-60, 'time', '23:00'],
  [1500, 'time', '01:00'],
  [12_500, 'number', '12,500'],
  [2_500_000, 'number', '2.5M'],
  [0.25, 'number', '0.25'],
  [1, 'yes-no', 'Yes'],
])('writes %d of the type %s under an axis as %s', (value, type, text) => {
  expect(axisText(value, { type, unit: null, kind: null })).toBe(text)
})

it('says of a week how many of its days have a value', () => {
  const steps = { type: 'number', unit: '{steps}', kind: 'steps' } as const
  const week = { from: '2026-01-05', to: '2026-01-11' }
  expect(slotText({ value: 8120, days: 6, soFar: false }, week, steps)).toBe('8,120 steps (6 of 7 days)')
  expect(slotText({ value: 8120, days: 7, soFar: false }, week, steps)).toBe('8,120 steps')
  expect(slotText({ value: null, days: 0, soFar: false }, week, steps)).toBe('no value')
})

it('writes the mean of yes and no as a share', () => {
  expect(meanText(0.6, { type: 'yes-no', unit: null, kind: null })).toBe('60 % yes')
})
