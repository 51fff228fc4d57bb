import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createLocalClock } from './place-local-time.ts'

const hour = 3_600_000
const day = 24 * hour
const zones = [
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'Asia/Kolkata',
  'Pacific/Apia',
  'UTC',
]

/** What the wall clock shows, as if it were in UTC. */
function wall(instant: number, zone: string): [midnight: number, time: number] {
  const local = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone)
  const midnight = Date.parse(local.toPlainDate().toString())
  return [midnight, Date.parse(`${local.toPlainDateTime().toString()}Z`) - midnight]
}

test('an even series is placed exactly through every change of the clock, in either direction', () => {
  // At 20:00 in UTC no clock is changed in these zones, so no series begins where nobody could tell.
  const anyDay = fc.integer({ min: Date.UTC(2011, 0, 1) / day, max: Date.UTC(2027, 0, 1) / day })
  const dayOfChange = fc.constantFrom(
    ...['2026-10-25', '2026-11-01', '2026-03-29', '2026-04-05', '2011-12-30'].map(
      (date) => Date.parse(date) / day - 2,
    ),
  )
  fc.assert(
    fc.property(
      fc.constantFrom(...zones),
      fc.oneof(anyDay, dayOfChange),
      fc.constantFrom(1, 5, 10, 30, 60),
      fc.boolean(),
      (zone, firstDay, step, backward) => {
        // Its clock goes back by half an hour, which leaves no mark in hourly times.
        fc.pre(zone !== 'Australia/Lord_Howe' || step < 60)
        const start = firstDay * day + 20 * hour
        const series = Array.from({ length: 48 * (60 / step) }, (_, at) => start + at * step * 60_000)
        if (backward) series.reverse()
        const place = createLocalClock(zone)
        expect(series.map((instant) => place(...wall(instant, zone)))).toEqual(series)
      },
    ),
    { numRuns: 40 },
  )
})

test('a time that the clock skipped is none', () => {
  const place = createLocalClock('Europe/Berlin')
  expect(place(Date.UTC(2026, 2, 29), 2.5 * hour)).toBeUndefined()
})
