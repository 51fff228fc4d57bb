import fc from 'fast-check'
import { expect, test } from 'vitest'
import { minutesFromMidnight } from '@tributary/plugin-sdk'
import { int64 } from './api.ts'
import {
  civilDate,
  civilTime,
  dayAfter,
  instant,
  startOfDay,
  toCivil,
  utcOffset,
  wallClock,
} from './civil.ts'

const anyDate = fc
  .integer({ min: 0, max: 40_000 })
  .map((days) => Temporal.PlainDate.from('1990-01-01').add({ days }).toString())
const zones = ['Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Pacific/Apia', 'Australia/Lord_Howe']

test('every day goes to Google and comes back as it was', () => {
  fc.assert(fc.property(anyDate, (date) => civilDate.parse(toCivil(date).date) === date))
})

test('the day after is one day later, over months, leap days and changes of the clock', () => {
  fc.assert(
    fc.property(
      anyDate,
      (date) =>
        Temporal.PlainDate.from(date).until(dayAfter(date)).total('days') === 1 && dayAfter(date) > date,
    ),
  )
})

test('the days of a zone follow each other without a gap', () => {
  fc.assert(
    fc.property(anyDate, fc.constantFrom(...zones), (date, zone) => {
      const hours =
        (Date.parse(startOfDay(dayAfter(date), zone)) - Date.parse(startOfDay(date, zone))) / 3_600_000
      // Apia left a whole day out.
      return (hours >= 23 && hours <= 25) || (zone === 'Pacific/Apia' && hours === 0)
    }),
  )
})

test.each([
  { year: 2026, month: 2, day: 29 },
  { year: 2026, month: 11, day: 0 },
  { year: 0, month: 11, day: 18 },
  { year: 2026, month: 13, day: 1 },
  { month: 11, day: 18 },
  { year: '2026', month: 11, day: 18 },
  undefined,
])('%j is no day', (date) => {
  expect(civilDate.safeParse(date).success).toBe(false)
})

test('parts of a time that are zero may be left out', () => {
  const date = { year: 2026, month: 11, day: 18 }
  expect(civilTime.parse({ date }).toString()).toBe('2026-11-18T00:00:00')
  expect(civilTime.parse({ date, time: {} }).toString()).toBe('2026-11-18T00:00:00')
  expect(civilTime.parse({ date, time: { minutes: 5 } }).toString()).toBe('2026-11-18T00:05:00')
  expect(civilTime.safeParse({ date, time: { hours: 'x' } }).success).toBe(false)
})

test('24:00 is the midnight of the next day, and a minute may have a leap second', () => {
  const at = (date: object, time: object) => civilTime.safeParse({ date, time }).data?.toString()
  const lastDay = { year: 2026, month: 12, day: 31 }
  expect(at(lastDay, { hours: 24 })).toBe('2027-01-01T00:00:00')
  expect(at(lastDay, { hours: 23, minutes: 59, seconds: 60 })).toBe('2027-01-01T00:00:00')
  expect(at(lastDay, { hours: 24, minutes: 1 })).toBeUndefined()
  expect(at(lastDay, { hours: 25 })).toBeUndefined()
  expect(at(lastDay, { minutes: 60 })).toBeUndefined()
})

test.each([
  ['3600s', 3_600_000],
  ['-12600s', -12_600_000],
  ['0s', 0],
  ['-07:00', -25_200_000],
  ['+05:30', 19_800_000],
])('the offset %s is read', (text, milliseconds) => {
  expect(utcOffset.parse(text)).toBe(milliseconds)
})

test('the clock on the wall is that of the offset', () => {
  fc.assert(
    fc.property(
      anyDate,
      fc.constantFrom(...zones),
      fc.integer({ min: 0, max: 86_399 }),
      (date, zone, seconds) => {
        const at = Temporal.Instant.from(`${date}T00:00:00Z`).add({ seconds }).toZonedDateTimeISO(zone)
        const wall = wallClock(at.epochMilliseconds, at.offsetNanoseconds / 1e6)
        return wall.equals(at.toPlainDateTime())
      },
    ),
  )
})

test('minutes are counted by the clock on the wall, back into the evening before', () => {
  const minutes = (time: string) => minutesFromMidnight('2026-10-25', Temporal.PlainDateTime.from(time))
  expect(minutes('2026-10-24T23:31:30')).toBe(-29)
  expect(minutes('2026-10-25T00:00:00')).toBe(0)
  // The clock was put back in this night, which is an hour longer.
  expect(minutes('2026-10-25T07:05:00')).toBe(425)
})

test('an instant may have nanoseconds and an offset', () => {
  expect(instant.parse('2026-11-17T06:05:00.123456789Z')).toBe(Date.parse('2026-11-17T06:05:00.123Z'))
  expect(instant.parse('2026-11-17T07:05:00+01:00')).toBe(Date.parse('2026-11-17T06:05:00Z'))
  expect(instant.safeParse('2026-11-17').success).toBe(false)
})

test('64 bits are read from a text and from a number alike', () => {
  fc.assert(
    fc.property(
      fc.maxSafeInteger(),
      (value) => int64.parse(String(value)) === value && int64.parse(value) === value,
    ),
  )
})

test.each(['', ' 1', '1.5', 1.5, '0x10', '1e3', 'NaN', Number.NaN, null, true, '9007199254740993', {}])(
  '%j is no whole number that can be told exactly',
  (value) => {
    expect(int64.safeParse(value).success).toBe(false)
  },
)
