import { describe, expect, it, test } from 'vitest'
import { type Field, type FieldKind, kinds } from './fields.ts'
import { implausibility, isPlausible } from './plausible.ts'

const weight: Field = { name: 'Weight', type: 'number', unit: 'kg', kind: 'weight' }
const fieldOf = (kind: FieldKind): Field => ({ name: 'It', kind, ...kinds[kind] })
const allKinds = Object.keys(kinds) as FieldKind[]

describe('the plausible range of a kind', () => {
  it.each<[FieldKind, number]>([
    ['weight', 0.3],
    ['weight', 700],
    ['resting-heart-rate', 15],
    ['resting-heart-rate', 250],
    ['heart-rate-variability', 0.5],
    ['oxygen-saturation', 100],
    ['breathing-rate', 4],
    ['vo2-max', 97.5],
    ['body-fat', 2],
    ['sleep-duration', 25 * 3600],
    ['bed-time', -90],
    ['bed-time', 23 * 60 + 30],
    ['wake-up-time', 24 * 60],
    ['steps', 250_000],
    ['distance', 1219],
    ['workout-duration', 30 * 3600],
  ])('has %s of %d', (kind, value) => {
    expect(isPlausible(kind, value)).toBe(true)
  })

  it.each<[FieldKind, number]>([
    ['weight', 0],
    ['weight', 0.29],
    ['weight', 700.1],
    ['resting-heart-rate', 14],
    ['resting-heart-rate', 251],
    ['oxygen-saturation', 100.1],
    ['oxygen-saturation', 0.97],
    ['sleep-duration', 26 * 3600],
    ['active-minutes', 1501],
    ['steps', 1_000_000],
  ])('excludes %s of %d', (kind, value) => {
    expect(isPlausible(kind, value)).toBe(false)
  })

  const vitalSigns = allKinds.filter((kind) => /heart|oxygen|breathing|weight|body-fat|vo2/.test(kind))

  it.each(vitalSigns)('excludes a zero of the vital sign %s', (kind) => {
    expect(isPlausible(kind, 0)).toBe(false)
  })

  it.each(allKinds.filter((kind) => !vitalSigns.includes(kind)))('has a true zero of %s', (kind) => {
    expect(isPlausible(kind, 0)).toBe(true)
  })

  it.each(allKinds.filter((kind) => kinds[kind].type !== 'time'))('excludes a negative %s', (kind) => {
    expect(isPlausible(kind, -1)).toBe(false)
  })
})

test('an implausible value is described with its range and unit', () => {
  expect(implausibility(weight, 0)).toBe('Weight of 0 kg is outside 0.3 to 700 kg.')
  expect(implausibility(weight, 81)).toBeUndefined()
  expect(implausibility(fieldOf('resting-heart-rate'), 0)).toBe(
    'It of 0 per min is outside 15 to 250 per min.',
  )
  expect(implausibility(fieldOf('sleep-duration'), 30 * 3600)).toBe('It of 30 h is outside 0 to 25 h.')
  expect(implausibility(fieldOf('steps'), -5)).toBe('It of -5 steps is outside 0 to 450,000 steps.')
  expect(implausibility(fieldOf('readiness'), 101)).toBe('It of 101 is outside 0 to 100.')
})

test('a field without a kind is checked only against its own range', () => {
  const { kind: _, ...plain } = weight
  expect(implausibility(plain, 0)).toBeUndefined()
  expect(implausibility({ ...plain, range: [1, 2] }, 0)).toBe('Weight of 0 kg is outside 1 to 2 kg.')
  expect(implausibility({ ...weight, range: [0, 2] }, 0)).toBeUndefined()
})
