import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { meanTime, minutesLater, placeNear } from './time-of-day.ts'

const day = 24 * 60
/** The same moment on the clock: equal but for whole days. */
const onClock = (minutes: number) => (((Math.round(minutes * 1e4) / 1e4) % day) + day) % day
const clock = (text: string) => {
  const [hours = 0, minutes = 0] = text.split(':').map(Number)
  return hours * 60 + minutes
}

describe('the average time of day', () => {
  test.each([
    [['23:30', '00:30'], '00:00'],
    [['23:30', '00:30', '23:40', '00:20', '23:50', '00:10'], '00:00'],
    [['22:00', '23:00', '00:30'], '23:10'],
    [['06:00', '07:00', '08:30'], '07:10'],
    [['13:00', '14:00'], '13:30'],
    [['07:00', '07:00', '07:00'], '07:00'],
  ])('of %j is %s', (times, expected) => {
    expect(onClock(meanTime(times.map(clock)) ?? NaN)).toBe(clock(expected))
  })

  test('is the same for an evening that is stored as before midnight or as after noon', () => {
    expect(onClock(meanTime([-30, 30]) ?? NaN)).toBe(0)
    expect(onClock(meanTime([-30, 1410, 30, 30]) ?? NaN)).toBe(0)
    expect(meanTime([-40, -20])).toBe(-30)
    expect(meanTime([1400, 1420])).toBe(1410)
  })

  test('is none of nothing, and none where times lie opposite each other', () => {
    expect(meanTime([])).toBeNull()
    expect(meanTime([clock('06:00'), clock('18:00')])).toBeNull()
  })
})

/** Times within ten hours of each other, and how far the clock is turned for them. */
const near = fc.array(fc.integer({ min: 0, max: 600 }), { minLength: 1, maxLength: 20 })
const turn = fc.integer({ min: -3 * day, max: 3 * day })

describe('whatever the times', () => {
  test('turning the clock turns the average with it', () => {
    fc.assert(
      fc.property(near, turn, (times, by) => {
        const turned = times.map((time) => time + by)
        expect(onClock(meanTime(turned) ?? NaN)).toBeCloseTo(onClock((meanTime(times) ?? NaN) + by), 3)
      }),
    )
  })

  test('moving one time by a whole day changes nothing', () => {
    fc.assert(
      fc.property(near, turn, fc.nat(), (times, by, place) => {
        const turned = times.map((time) => time + by)
        const moved = turned.with(place % turned.length, (turned[place % turned.length] ?? 0) + day)
        expect(onClock(meanTime(moved) ?? NaN)).toBeCloseTo(onClock(meanTime(turned) ?? NaN), 3)
      }),
    )
  })

  test('the average of near times is their ordinary one, between the earliest and the latest, in any order', () => {
    fc.assert(
      fc.property(near, turn, (times, by) => {
        const ordinary = times.reduce((sum, time) => sum + time, 0) / times.length
        const turned = times.map((time) => onClock(time + by))
        expect(onClock((meanTime(turned) ?? NaN) - by)).toBeCloseTo(ordinary, 3)
        const together = turned.map(placeNear(turned))
        expect(Math.max(...together) - Math.min(...together)).toBeCloseTo(
          Math.max(...times) - Math.min(...times),
          6,
        )
        expect(onClock(meanTime(turned.toReversed()) ?? NaN)).toBeCloseTo(onClock(meanTime(turned) ?? NaN), 3)
      }),
    )
  })

  test('the average of equal times is that time', () => {
    fc.assert(
      fc.property(fc.integer({ min: -day, max: 2 * day }), fc.integer({ min: 1, max: 30 }), (time, count) => {
        expect(meanTime(Array.from({ length: count }, () => time))).toBeCloseTo(time, 6)
      }),
    )
  })

  test('the difference of two times goes the shorter way around the clock', () => {
    fc.assert(
      fc.property(turn, turn, (one, other) => {
        const later = minutesLater(one, other)
        expect(Math.abs(later)).toBeLessThanOrEqual(day / 2)
        expect(onClock(other + later)).toBe(onClock(one))
      }),
    )
    expect(minutesLater(clock('00:10'), clock('23:50'))).toBe(20)
    expect(minutesLater(clock('23:50'), clock('00:10'))).toBe(-20)
  })
})
