import { expect, it } from 'vitest'
import { changeWords } from './change-words.ts'

const steps = { type: 'number', unit: '{steps}', kind: 'steps' } as const

it.each([
  [null, 6758, true, 'There since'],
  [6000, 6758, true, 'Changed from 6,000 steps to 6,758 steps on'],
  [6758, 6758, true, 'Unchanged, from another source since'],
  [6758, 6758, false, 'Unchanged, by another rule since'],
  [6758.2, 6758.4, false, 'Changed by less than is shown on'],
  [0, 6758, false, 'Changed from 0 steps to 6,758 steps on'],
])('says of a change from %j to %j (merged: %j): %s', (from, to, merged, words) =>
  expect(changeWords({ from, to }, steps, merged)).toBe(words),
)
