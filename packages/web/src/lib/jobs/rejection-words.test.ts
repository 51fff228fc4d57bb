import { expect, it } from 'vitest'
import { rejectionPlace } from './rejection-words.ts'

const nameOf = (stream: string) => (stream === 'vitals' ? 'Vitals' : stream)

it.each([
  [{ stream: 'vitals', page: 0 }, 'Vitals, response 1'],
  [{ stream: 'vitals', page: null }, 'Vitals'],
  [{ stream: 'file', path: 'line 12', page: null }, 'Line 12'],
  [{ stream: 'file', page: null }, 'In the file'],
])('says where %j stands', (rejection, place) => {
  expect(rejectionPlace(rejection, nameOf)).toBe(place)
})
