import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createDateReader } from './read-date.ts'
import { createNumberReader } from './read-number.ts'
import { readTime } from './read-clock.ts'
import { createDurationReader } from './read-duration.ts'
import { dateFormats } from './date-formats.ts'
import { writeDate } from './testing/write-table.ts'

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
        fc.pre(!format.startsWith('unix') && !(format.includes('MMM') && (month < 1 || month > 12)))
        const inRange = !/(^|[^Y])YY($|[^Y])/.test(format) || (year >= 1970 && year < 2070)
        fc.pre(inRange)
        const text = writeDate(`${year}-${two(month)}-${two(day)}`, format)
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
    '3/5/2026 24:01',
    '3/5/2026 7',
    '3/5/2026 13:00 pm',
    '3/5/2026Z',
    '3-5-2026',
    '3/5/2026 07:61',
  ])
    expect(read(cell), cell).toBeUndefined()
})

test('dates are read with months in words, weekdays and clocks as people write them', () => {
  const at = (format: Parameters<typeof createDateReader>[0], cell: string) => {
    const found = createDateReader(format)(cell)
    return found && [found.date, found.time === undefined ? undefined : found.time / 60_000, found.offset]
  }
  const day = ['2026-09-15', undefined, undefined]
  const clock = ['2026-09-15', 468, undefined]
  for (const cell of [
    '15 Sep 2026',
    '15. September 2026',
    '15-sep-2026',
    '15 sept. 2026',
    'Tue, 15 Sep 2026',
  ])
    expect(at('DD MMM YYYY', cell), cell).toEqual(day)
  for (const cell of [
    '15 de septiembre de 2026',
    '15Sep2026',
    'Dienstag, 15. September 2026',
    '15 settembre 2026',
  ])
    expect(at('DD MMM YYYY', cell), cell).toEqual(day)
  for (const cell of [
    '15 Sep 2026, 07:48',
    '15 Sep 2026 7:48 AM',
    '15. Sep. 2026 07:48 Uhr',
    '15 sept. 2026 7h48',
  ])
    expect(at('DD MMM YYYY', cell), cell).toEqual(clock)
  for (const cell of [
    'Sep 15, 2026 7:48 AM',
    'September 15th, 2026 at 7:48 a.m.',
    'Tue Sep 15 2026 07:48:00',
  ])
    expect(at('MMM DD YYYY', cell), cell).toEqual(clock)
  expect(at('MMM DD YYYY', 'Tue Sep 15 2026 07:48:00 GMT+0200 (CEST)')).toEqual([
    '2026-09-15',
    468,
    7_200_000,
  ])
  expect(at('DD MMM YYYY', '1 août 2026')).toEqual(['2026-08-01', undefined, undefined])
  expect(at('DD MMM YY', '15-Sep-26')).toEqual(day)
  expect(at('DD.MM.YYYY', '15. 09. 2026 7:48')).toEqual(clock)
  expect(at('YYYYMMDD', '20260915T074800Z')).toEqual(['2026-09-15', 468, 0])
  expect(at('YYYY-MM-DD', '2026-09-15T07:48+02:00[Europe/Berlin]')).toEqual(['2026-09-15', 468, 7_200_000])
  expect(at('YYYY-MM-DD', '2026-09-15 24:00')).toEqual(['2026-09-16', 0, undefined])
  expect(at('unix-seconds', '1789458480')).toEqual(['2026-09-15', 468, 0])
  expect(at('unix-milliseconds', '1789458480000')).toEqual(['2026-09-15', 468, 0])
  for (const cell of ['15 Foo 2026', '31 Sep 2026', '15 Sep', 'Sep 2026', '15 Sep 2026 25:00', '2026-09-15'])
    expect(at('DD MMM YYYY', cell), cell).toBeUndefined()
})

test('a year of two digits is one from 1970 to 2069', () => {
  const year = (digits: string) => createDateReader('DD.MM.YY')(`01.02.${digits}`)?.date.slice(0, 4)
  expect(['00', '26', '69', '70', '99'].map(year)).toEqual(['2000', '2026', '2069', '1970', '1999'])
})

test('every duration and time of day is read', () => {
  const hours = createDurationReader('.', 'h:mm')
  const minutes = createDurationReader('.', 'm:ss')
  expect(['0:00', '6:41', '30:15:09', '100:00', '0:00:01.5'].map(hours)).toEqual([
    0, 24_060, 108_909, 360_000, 1.5,
  ])
  expect(['0:00', '6:41', '30:15:09', '100:00', '7:30 h'].map(minutes)).toEqual([
    0, 401, 108_909, 6000, 27_000,
  ])
  const words = [
    '7h 30m',
    '6 h 45 min',
    '45 min',
    '7h30',
    '1 hr, 5 mins',
    '2 hours and 3 minutes',
    '90 s',
    '1.5 h',
  ]
  expect(words.map(hours)).toEqual([27_000, 24_300, 2700, 27_000, 3900, 7380, 90, 5400])
  expect(['7 Std. 30 Min.', '1 Stunde 5 Minuten', '1 d 2 h', '1h05m09s'].map(hours)).toEqual([
    27_000, 3900, 93_600, 3909,
  ])
  expect(['PT7H30M', 'PT45M', 'P1DT2H', 'PT1.5S', 'pt90s'].map(hours)).toEqual([
    27_000, 2700, 93_600, 1.5, 90,
  ])
  expect(['0 days 07:30:00', '1 d 2:00'].map(hours)).toEqual([27_000, 93_600])
  expect(createDurationReader(',', 'h:mm')('1,5 h')).toBe(5400)
  const not = [
    '',
    '6',
    '6:60',
    '6:4',
    '-1:00',
    '1:00:60',
    '5 kg',
    '30m 7h',
    '7h 7h',
    'P',
    'PT',
    '7h 90',
    '1,5 h',
  ]
  for (const cell of not) expect(hours(cell), cell).toBeUndefined()
  expect(['0:00', '07:30', '24:00', '-0:30', '7:30 p.m.', '12:15AM', '07:30:30'].map(readTime)).toEqual([
    0, 450, 1440, -30, 1170, 15, 450.5,
  ])
  expect(['24:01', '7', '7:5', '13:00 pm', '0:30 am'].map(readTime)).toEqual(Array(5).fill(undefined))
})
