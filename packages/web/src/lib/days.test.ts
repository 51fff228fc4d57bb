import { expect, it } from 'vitest'
import { addDays, countDays, dayIn, isDay } from './days.ts'

it.each(['2026-11-21', '2024-02-29', '1999-12-31'])('takes %s for a day', (text) =>
  expect(isDay(text)).toBe(true),
)

it.each([
  '2026-02-29',
  '2026-13-01',
  '2026-1-1',
  '',
  'today',
  '2026-11-21T00:00',
  ' 2026-11-21',
  '0000-01-01',
  '0001-01-05',
])('takes %j for no day', (text) => expect(isDay(text)).toBe(false))

it('counts and adds days across months and leap days', () => {
  expect(addDays('2024-03-01', -1)).toBe('2024-02-29')
  expect(addDays('2026-12-31', 1)).toBe('2027-01-01')
  expect(countDays('2024-02-28', '2024-03-01')).toBe(2)
})

it("knows the day that it is on a person's clock", () => {
  expect(dayIn('Pacific/Auckland', new Date('2026-11-21T12:00:00Z'))).toBe('2026-11-22')
})
