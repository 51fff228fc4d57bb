import { expect, it } from 'vitest'
import { absoluteMoment, relativeMoment } from './describe-moment.ts'

const now = Date.parse('2026-11-21T12:00:00Z')

it.each([
  ['2026-11-21T11:59:30Z', 'just now'],
  ['2026-11-21T12:00:20Z', 'just now'],
  ['2026-11-21T11:57:00Z', '3 minutes ago'],
  ['2026-11-21T10:10:00Z', '1 hour ago'],
  ['2026-11-20T11:00:00Z', 'yesterday'],
  ['2026-11-21T12:45:00Z', 'in 45 minutes'],
])('says how long ago %s was', (moment, text) => {
  expect(relativeMoment(moment, now)).toBe(text)
})

it("shows the time on the person's clock", () => {
  expect(absoluteMoment('2026-11-21T23:30:00Z', 'Europe/Berlin')).toBe('22 Nov 2026, 00:30')
})
