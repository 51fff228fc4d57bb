import type { PluginStatus } from '@tributary/engine'
import { expect, it } from 'vitest'
import { valueText } from '../values/format-value.ts'
import { average } from './average.ts'
import { groupMetrics } from './group-metrics.ts'

const field = (id: string) => ({
  id,
  name: id,
  description: null,
  type: 'number' as const,
  unit: '1',
  kind: null,
  dimension: null,
})
const source = (id: string, connected: boolean) =>
  ({
    plugin: {
      id,
      name: id,
      description: '',
      icon: '',
      retired: null,
      successor: null,
      fields: [field('a'), field('b')],
    },
    connected,
  }) as PluginStatus

const numbers = (values: (number | null)[], open: number[] = []) => ({
  type: 'number' as const,
  values,
  soFar: values.map((_, index) => open.includes(index)),
})

const days = [
  { date: '2026-11-20', values: { 'one.a': 1, 'metric.steps': 5 } },
  { date: '2026-11-21', values: { 'one.a': null, 'two.b': 0 } },
]

it('shows what has a value, a zero included, and names what a connected source is silent about', () => {
  const groups = groupMetrics([source('one', true), source('two', false), source('three', false)], days, [])
  expect(groups.map(({ metrics }) => metrics.map(({ name, values }) => [name, values]))).toEqual([
    [['one.a', [1, null]]],
    [['two.b', [null, 0]]],
  ])
  expect(groups.map(({ silent }) => silent.map(({ name }) => name))).toEqual([['one.b'], []])
})

it('takes the average of those days only that have a value', () => {
  expect(average(numbers([1, null, 2, 6]))).toEqual({ mean: 3, count: 3 })
  expect(average(numbers([1, null, 2]))).toBeNull()
})

it('takes no average of a day that is not over', () => {
  expect(average(numbers([1, 2, 6, 100], [3]))).toEqual({ mean: 3, count: 3 })
  expect(average(numbers([1, 2, 6], [2]))).toBeNull()
})

it('takes the average of times of day on the clock', () => {
  const times = { ...numbers([23 * 60 + 30, 30, 23 * 60 + 45, 15]), type: 'time' as const }
  expect(valueText(average(times)?.mean ?? null, { type: 'time', unit: null, kind: null })).toBe('00:00')
})
