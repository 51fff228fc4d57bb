import { expect, it } from 'vitest'
import { metricHref, neighbours, readRange } from './chart-range.ts'

const today = '2026-11-21'
const read = (query: string) => readRange(new URLSearchParams(query), today)

it('is the month that ends today unless something else is asked for', () => {
  expect(read('')).toEqual({ name: 'month', from: '2026-10-22', to: today })
  expect(read('range=week&to=2026-11-10')).toEqual({ name: 'week', from: '2026-11-04', to: '2026-11-10' })
  expect(read('range=year')).toMatchObject({ from: '2025-11-23', to: today })
})

it.each(['range=decade', 'to=2027-01-01', 'to=yesterday', 'range=__proto__', 'to=1900-01-01'])(
  'falls back where %s makes no sense',
  (query) => expect(read(query)).toEqual(read('')),
)

it('goes back a whole range, and forward no further than today', () => {
  expect(neighbours(read('range=week'), today)).toEqual({ before: '2026-11-14', after: null })
  expect(neighbours(read('range=week&to=2026-11-14'), today)).toEqual({ before: '2026-11-07', after: null })
  expect(neighbours(read('range=week&to=2026-11-07'), today).after).toBe('2026-11-14')
})

it('has an address', () => {
  expect(metricHref('fitbit.steps')).toBe('/metrics/fitbit.steps')
  expect(metricHref('csv.größe', { range: 'week', to: '2026-11-10' })).toBe(
    '/metrics/csv.gr%C3%B6%C3%9Fe?range=week&to=2026-11-10',
  )
})
