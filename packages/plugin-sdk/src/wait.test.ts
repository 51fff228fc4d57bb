import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readRetryAt, readWait } from './wait.ts'

const now = Temporal.Instant.from('2026-11-20T12:00:00Z')
const day = 86_400

describe('a wait of', () => {
  test.each([
    ['45', 45],
    ['32', 32],
    ['49', 49],
    ['2027', 2027],
    [' 90 ', 90],
    ['1.5', 1.5],
    ['45s', 45],
    ['45 seconds', 45],
    [45, 45],
    ['1795176300', 300],
    ['1795176300.5', 300.5],
    ['1795176300000', 300],
    ['Fri, 20 Nov 2026 12:10:00 GMT', 600],
    ['Friday, 20-Nov-26 12:10:00 GMT', 600],
    ['Fri Nov 20 12:10:00 2026', 600],
    ['2026-11-20T12:10:00Z', 600],
    ['2026-11-20T13:10:00+01:00', 600],
    ['2026-11-20T12:10:00', 600],
    [new Date('2026-11-20T12:10:00Z'), 600],
    [Temporal.Instant.from('2026-11-20T12:10:00Z'), 600],
  ])('%j is %d seconds', (given, expected) => {
    expect(readWait(given, now)).toBeCloseTo(expected, 3)
  })

  test.each([
    '0',
    '-45',
    '',
    ' ',
    'soon',
    '0x2d',
    '45, 60',
    '45 minutes',
    '12:10:00',
    'Fri, 20 Nov 2026 11:00:00 GMT',
    'Fri, 99 Nov 2026 12:10:00 GMT',
    '1795175700',
    '1795175700000',
    'NaN',
    'Infinity',
    null,
    undefined,
    true,
    {},
    [45],
    Number.NaN,
    new Date('rubbish'),
  ])('%j is none', (given) => {
    expect(readWait(given, now)).toBeUndefined()
  })
})

/** A moment in whole seconds, within ten years of now. */
const moments = fc
  .integer({ min: 1, max: 10 * 365 * day })
  .map((wait) => ({ wait, at: now.add({ seconds: wait }) }))

test('a bare number is a number of seconds and never a date, whatever its size below an epoch', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 999_999_999 }), (wait) => {
      expect(readWait(String(wait), now)).toBe(wait)
    }),
  )
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9_999_999 }), fc.integer({ min: 1, max: 999 }), (whole, part) => {
      const text = `${whole}.${String(part).padStart(3, '0')}`
      expect(readWait(text, now)).toBeCloseTo(Number(text), 2)
    }),
  )
})

test('one moment gives one wait, in whichever form it is written', () => {
  fc.assert(
    fc.property(moments, ({ wait, at }) => {
      const forms = [
        at.epochMilliseconds / 1000,
        at.epochMilliseconds,
        new Date(at.epochMilliseconds).toUTCString(),
        at.toString(),
      ]
      expect(forms.map((form) => readWait(String(form), now))).toEqual(forms.map(() => wait))
    }),
  )
})

test('whatever a header holds is a wait above zero or none', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.double().map(String), fc.date().map(String)), (text) => {
      const wait = readWait(text, now)
      expect(wait === undefined || wait > 0).toBe(true)
    }),
  )
})

describe('when a source may be asked again', () => {
  const secondsOf = (headers: Record<string, string>, body?: unknown) => {
    const retryAt = readRetryAt(new Headers(headers), now, { header: 'X-RateLimit-Reset', body })
    return retryAt && now.until(retryAt).total('seconds')
  }

  test('is the latest of what headers and body say, and what cannot be read counts for nothing', () => {
    expect(secondsOf({ 'retry-after': '45', 'x-ratelimit-reset': '1795176300' })).toBe(300)
    expect(secondsOf({ 'retry-after': '900', 'x-ratelimit-reset': '1795176300' })).toBe(900)
    expect(secondsOf({ 'retry-after': 'soon', 'x-ratelimit-reset': '60' })).toBe(60)
    expect(secondsOf({ 'retry-after': '45', 'x-ratelimit-reset': '1795175700' })).toBe(45)
    expect(secondsOf({ 'retry-after': '45' }, '90s')).toBe(90)
    expect(secondsOf({}, 90)).toBe(90)
    expect(secondsOf({}, {})).toBeUndefined()
  })

  test('is at least five seconds and at most a day away, in whole seconds', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.001, noNaN: true }), (wait) => {
        const seconds = secondsOf({ 'retry-after': String(wait) })
        expect(seconds === undefined || (Number.isInteger(seconds) && seconds >= 5 && seconds <= day)).toBe(
          true,
        )
      }),
    )
  })
})
