import type { PluginStatus } from '@tributary/engine'
import { expect, it } from 'vitest'
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

const days = [
  { date: '2026-11-20', values: { 'one.a': 1, 'metric.steps': 5 } },
  { date: '2026-11-21', values: { 'one.a': null, 'two.b': 0 } },
]

it('shows what has a value, a zero included, and names what a connected source is silent about', () => {
  const groups = groupMetrics([source('one', true), source('two', false), source('three', false)], days)
  expect(groups.map(({ metrics }) => metrics.map(({ name, values }) => [name, values]))).toEqual([
    [['one.a', [1, null]]],
    [['two.b', [null, 0]]],
  ])
  expect(groups.map(({ silent }) => silent.map(({ name }) => name))).toEqual([['one.b'], []])
})

it('takes the average of those days only that have a value', () => {
  expect(average([1, null, 2, 6])).toEqual({ mean: 3, count: 3 })
  expect(average([1, null, 2])).toBeNull()
})
