import { expect, test } from 'vitest'
import { codeOf, findSpan, spanOf, toBase32 } from './time-codes.ts'

// RFC 6238, Appendix B: the last six of its eight digits.
const secret = Buffer.from('12345678901234567890')

test.each([
  [59, '287082'],
  [1111111109, '081804'],
  [1111111111, '050471'],
  [1234567890, '005924'],
  [2000000000, '279037'],
  [20000000000, '353130'],
])('at %i seconds the code is that of the RFC', (seconds, code) => {
  const now = Temporal.Instant.fromEpochMilliseconds(seconds * 1000)
  expect(codeOf(secret, spanOf(now))).toBe(code)
  expect(findSpan(secret, code, now)).toBe(spanOf(now))
})

test('a code is good for its span and the ones beside it', () => {
  const now = Temporal.Instant.from('2026-11-20T12:00:00Z')
  const code = codeOf(secret, spanOf(now))
  expect(findSpan(secret, code, now.add({ seconds: 59 }))).toBe(spanOf(now))
  expect(findSpan(secret, code, now.subtract({ seconds: 30 }))).toBe(spanOf(now))
  expect(findSpan(secret, code, now.add({ seconds: 60 }))).toBeUndefined()
  expect(findSpan(secret, code, now.subtract({ seconds: 31 }))).toBeUndefined()
  for (const other of ['', '12345', '1234567', 'abcdef']) expect(findSpan(secret, other, now)).toBeUndefined()
})

test('a secret is typed in base32', () => {
  expect(toBase32(Buffer.from('foobar'))).toBe('MZXW6YTBOI')
  expect(toBase32(secret)).toBe('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ')
})
