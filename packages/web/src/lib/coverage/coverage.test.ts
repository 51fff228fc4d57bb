import type { Coverage } from '@tributary/engine'
import { expect, it } from 'vitest'
import { stateByDay, streamsShown } from './day-states.ts'
import { addMonths, isMonth, lastDay, monthRange, weeksOf } from './months.ts'

const nothing = { 'has-data': [], 'had-none': [], 'not-due-yet': [], failed: [], 'never-asked': [] }
const stream = (id: string, days: object, enabled = true): Coverage['streams'][number] => ({
  id,
  name: id,
  enabled,
  granted: true,
  days: { ...nothing, ...days },
})
const on = (from: string, to = from) => [{ from, to }]

it('shows of several streams what is still open, and of answers that there is data', () => {
  const states = stateByDay([
    stream('a', { 'has-data': on('2026-11-01', '2026-11-03'), failed: on('2026-11-04') }),
    stream('b', {
      'had-none': on('2026-11-01'),
      'never-asked': on('2026-11-02'),
      'has-data': on('2026-11-04'),
    }),
  ])
  expect([...states].sort()).toEqual([
    ['2026-11-01', 'has-data'],
    ['2026-11-02', 'never-asked'],
    ['2026-11-03', 'has-data'],
    ['2026-11-04', 'failed'],
  ])
})

it('leaves out streams that are switched off, unless one is chosen', () => {
  const streams = [stream('a', {}), stream('b', {}, false)]
  expect(streamsShown(streams, null).map(({ id }) => id)).toEqual(['a'])
  expect(streamsShown(streams, 'b').map(({ id }) => id)).toEqual(['b'])
})

it('lays a month out in weeks from Monday', () => {
  const weeks = weeksOf('2026-02')
  expect(weeks[0]).toEqual([null, null, null, null, null, null, '2026-02-01'])
  expect(weeks.at(-1)).toEqual([
    '2026-02-23',
    '2026-02-24',
    '2026-02-25',
    '2026-02-26',
    '2026-02-27',
    '2026-02-28',
    null,
  ])
  expect(weeks.every((week) => week.length === 7)).toBe(true)
  expect([addMonths('2026-01', -1), addMonths('2026-11', 14), lastDay('2024-02')]).toEqual([
    '2025-12',
    '2028-01',
    '2024-02-29',
  ])
  expect(['2026-13', '2026-1', '', '2026-00'].some(isMonth)).toBe(false)
})

it('names the months that are shown, the year once', () => {
  expect(monthRange(['2026-09', '2026-10', '2026-11'])).toBe('September – November 2026')
  expect(monthRange(['2025-12', '2026-01', '2026-02'])).toBe('December 2025 – February 2026')
})
