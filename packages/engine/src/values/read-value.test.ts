import type { Field } from '@tributary/plugin-sdk'
import { expect, test } from 'vitest'
import { readValue } from './read-value.ts'

const field = (type: Field['type']): Field => ({ name: 'Value', type, unit: '1' })

test.each([
  ['time', '07:30', 450],
  ['time', '-0:30', -30],
  ['time', '23:59', 1439],
  ['number', '1e3', 1000],
  ['number', -0, -0],
  ['number', 1e100, 1e100],
  ['text', '', null],
] as const)('a %s %j is stored as %j', (type, given, stored) => {
  expect(readValue(field(type), given)).toBe(stored)
})

test.each([
  ['time', '10:75', 'Value is no number'],
  ['time', '49:00', 'Value is no time of day'],
  ['number', Infinity, 'Value is no number'],
  ['number', '1e999', 'Value is no number'],
  ['number', -1e101, 'Value is larger than any value'],
  ['duration', -1, 'Value is below zero'],
] as const)('a %s %j is refused: %s', (type, given, reason) => {
  expect(() => readValue(field(type), given)).toThrow(reason)
})
