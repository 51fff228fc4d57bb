import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { KeyRingError, parseKeyRing } from './key-ring.ts'
import { Sealer, userKeyPlace } from './sealer.ts'

const key = () => randomBytes(32).toString('base64')
const place = { table: 'user_integrations', column: 'credentials', row: 'r1', user: 'u1' }

test('any secret opens again at its own place', () => {
  const sealer = new Sealer(parseKeyRing(key()))
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (secret) => {
      expect(sealer.open(sealer.seal(secret, place), place)).toBe(secret)
    }),
  )
})

test.each([
  { ...place, table: 'system_config' },
  { ...place, column: 'sealed_value' },
  { ...place, row: 'r2' },
  { ...place, user: 'u2' },
  { ...place, user: null },
])('a ciphertext that was moved to %o does not open', (other) => {
  const sealer = new Sealer(parseKeyRing(key()))
  expect(() => sealer.open(sealer.seal('secret', place), other)).toThrow('it was changed or moved')
})

test('a ciphertext of which any byte was changed does not open', () => {
  const sealer = new Sealer(parseKeyRing(key()))
  const sealed = sealer.seal('secret', place)
  for (let at = 0; at < sealed.length; at++) {
    const changed = Buffer.from(sealed)
    changed[at] = (changed[at] ?? 0) ^ 1
    expect(() => sealer.open(changed, place)).toThrow()
  }
})

test('the first key of a ring seals, all of them open', () => {
  const [old, young] = [key(), key()]
  const sealed = new Sealer(parseKeyRing(old)).seal('secret', place)
  const both = new Sealer(parseKeyRing(`${young},${old}`))
  expect(both.open(sealed, place)).toBe('secret')
  expect(both.seal('secret', place).subarray(1, 5)).not.toEqual(sealed.subarray(1, 5))
})

test('a missing key is named', () => {
  const sealer = new Sealer(parseKeyRing(key()))
  const other = new Sealer(parseKeyRing(key()))
  expect(() => other.open(sealer.seal('secret', place), place)).toThrow(
    `Key ${sealer.ring.primary} is not among`,
  )
})

test.each(['', 'short', randomBytes(16).toString('base64')])('"%s" is refused as a key ring', (text) => {
  expect(() => parseKeyRing(text)).toThrow(KeyRingError)
})

test("a user's secret opens by that user's key alone, at its own place", () => {
  const sealer = new Sealer(parseKeyRing(key()))
  const [mine, another] = [sealer.makeUserKey('u1'), sealer.makeUserKey('u1')]
  const sealed = sealer.sealForUser(mine, 'secret', place)
  expect(sealer.openForUser(mine, sealed, place)).toBe('secret')
  expect(() => sealer.openForUser(another, sealed, place)).toThrow('it was changed or moved')
  expect(() => sealer.openForUser(sealer.makeUserKey('u2'), sealed, place)).toThrow('changed or moved')
  expect(() => sealer.openForUser(mine, sealed, { ...place, row: 'r2' })).toThrow('changed or moved')
  expect(() => sealer.openForUser(mine, sealed, { ...place, column: 'other' })).toThrow('changed or moved')
  expect(() => sealer.openForUser(mine, sealed, { ...place, user: 'u2' })).toThrow('changed or moved')
  expect(() => sealer.open(sealed, place)).toThrow('no sealed secret')
})

test("a user's key that was sealed again opens what it sealed before", () => {
  const [old, young] = [key(), key()]
  const before = new Sealer(parseKeyRing(old))
  const userKey = before.makeUserKey('u1')
  const sealed = before.sealForUser(userKey, 'secret', place)
  const rewrapped = new Sealer(parseKeyRing(`${young},${old}`)).reseal(userKey, userKeyPlace('u1'))
  expect(new Sealer(parseKeyRing(young)).openForUser(rewrapped, sealed, place)).toBe('secret')
})
