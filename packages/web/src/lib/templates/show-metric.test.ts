import type { PluginStatus } from '@tributary/engine'
import { expect, it } from 'vitest'
import { showMetric } from './show-metric.ts'

const field = {
  id: 'pulse',
  name: 'Pulse',
  description: null,
  type: 'number',
  unit: '/min',
  kind: 'heart-rate',
  dimension: null,
} as const
const plugins = [
  {
    plugin: {
      id: 'one',
      name: 'One',
      description: '',
      icon: '⌚',
      retired: null,
      successor: null,
      fields: [field],
    },
    connected: true,
    simulated: true,
  },
] as unknown as PluginStatus[]
const days = [
  { date: '2026-11-20', values: { 'one.pulse': 61, 'manual.a': 1 } },
  { date: '2026-11-21', values: { 'one.pulse': null } },
]
const incomplete = [{ date: '2026-11-21', metric: 'one.pulse', reason: 'day-not-over' as const }]

it('shows what a source gives in the form of its field, under the name that the user gave it', () => {
  const metric = {
    type: 'external',
    id: 'one.pulse',
    name: 'Heart',
    source: 'one.pulse',
  } as const
  expect(showMetric(metric, plugins, days, incomplete)).toMatchObject({
    name: 'one.pulse',
    label: 'Heart',
    type: 'number',
    unit: '/min',
    kind: 'heart-rate',
    values: [61, null],
    soFar: [false, true],
    origin: { name: 'One', ids: ['one'], simulated: true },
    manual: null,
  })
})

it('shows what is entered by hand under its own id; a day without an entry has none', () => {
  const metric = { type: 'manual', id: 'a', name: 'Vitamins', valueType: 'yes-no', unit: null } as const
  expect(showMetric(metric, plugins, days, incomplete)).toMatchObject({
    name: 'manual.a',
    type: 'yes-no',
    values: [1, null],
    origin: null,
    manual: 'yes-no',
  })
})

it('shows a metric whose source is gone, without a value', () => {
  const metric = { type: 'external', id: 'gone.x', name: 'X', source: 'gone.x' } as const
  expect(showMetric(metric, plugins, days, incomplete)).toMatchObject({
    values: [null, null],
    origin: { name: 'gone.x', ids: [] },
  })
})
