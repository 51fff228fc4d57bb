import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createDateReader } from './read-date.ts'
import { createNumberReader } from './read-number.ts'
import { readDuration, readTime } from './read-clock.ts'
import { dateFormats } from './mapping.ts'

test('numbers are read with either decimal sign and any usual sign between thousands', () => {
  const point = createNumberReader('.')
  const comma = createNumberReader(',')
  expect(['1,234.5', '1’234.5', "1'234.5", '1 234.5', '1\u202f234.5', '+1234.5'].map(point)).toEqual(
    Array(6).fill(1234.5),
  )
  expect(['1.234,5', '1 234,5', '1234,5'].map(comma)).toEqual(Array(3).fill(1234.5))
  expect(['−5', '-5', '.5', '1.2E+3', '1,234,567', '007'].map(point)).toEqual([-5, -5, 0.5, 1200, 1234567, 7])
})

test('what only looks like a number is none', () => {
  const point = createNumberReader('.')
  const not = [
    '',
    'abc',
    '=1+1',
    '1,23',
    '1,2345',
    '0,123',
    '1,234 567',
    '1.',
    '1.2.3',
    '0x10',
    'Infinity',
    '1e999',
    '5 kg',
    '--5',
    '1..2',
  ]
  for (const cell of not) expect(point(cell), cell).toBeUndefined()
  for (const cell of ['1.23', '1,234.5', '1,2,3']) expect(createNumberReader(',')(cell), cell).toBeUndefined()
})

test('every day from 1900 to 2199 is read in every format, and no day that there is not', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...dateFormats),
      fc.integer({ min: 1900, max: 2199 }),
      fc.integer({ min: 0, max: 13 }),
      fc.integer({ min: 0, max: 32 }),
      (format, year, month, day) => {
        const two = (part: number) => String(part).padStart(2, '0')
        const text = format.replace('YYYY', String(year)).replace('MM', two(month)).replace('DD', two(day))
        const date = `${year}-${two(month)}-${two(day)}`
        let there = true
        try {
          Temporal.PlainDate.from({ year, month, day }, { overflow: 'reject' })
        } catch {
          there = false
        }
        expect(createDateReader(format)(text)).toEqual(
          there ? { date, midnight: Date.parse(date) } : undefined,
        )
      },
    ),
  )
})

test('a date may have single digits and a time of day, with an offset or without', () => {
  const midnight = Date.UTC(2026, 2, 5)
  const date = '2026-03-05'
  const hour = 3_600_000
  const read = createDateReader('MM/DD/YYYY')
  expect(read('3/5/2026')).toEqual({ date, midnight })
  expect(read('3/5/2026 7:00')).toEqual({ date, midnight, time: 7 * hour })
  expect(read('03/05/2026, 07:00:00.25 PM')).toEqual({ date, midnight, time: 19 * hour + 250 })
  expect(read('3/5/2026 12:00 am')).toEqual({ date, midnight, time: 0 })
  expect(read('3/5/2026T07:00Z')).toEqual({ date, midnight, time: 7 * hour, offset: 0 })
  expect(read('3/5/2026 07:00:00 UTC')).toEqual({ date, midnight, time: 7 * hour, offset: 0 })
  expect(read('3/5/2026T07:00-05:30')).toEqual({ date, midnight, time: 7 * hour, offset: -5.5 * hour })
  expect(read('3/5/2026 07:00 +0200')).toEqual({ date, midnight, time: 7 * hour, offset: 2 * hour })
  for (const cell of [
    '3/5/26',
    '3/5/2026 24:00',
    '3/5/2026 7',
    '3/5/2026 13:00 pm',
    '3/5/2026Z',
    '3-5-2026',
    '3/5/2026 07:61',
  ])
    expect(read(cell), cell).toBeUndefined()
})

test('every duration and time of day is read', () => {
  expect(['0:00', '6:41', '30:15:09', '100:00', '0:00:01.5'].map(readDuration)).toEqual([
    0, 24_060, 108_909, 360_000, 1.5,
  ])
  expect(['', '6', '6:60', '6:4', '-1:00', '1:00:60'].map(readDuration)).toEqual(Array(6).fill(undefined))
  expect(['0:00', '07:30', '24:00', '-0:30', '7:30 p.m.', '12:15AM', '07:30:30'].map(readTime)).toEqual([
    0, 450, 1440, -30, 1170, 15, 450.5,
  ])
  expect(['24:01', '7', '7:5', '13:00 pm', '0:30 am'].map(readTime)).toEqual(Array(5).fill(undefined))
})
