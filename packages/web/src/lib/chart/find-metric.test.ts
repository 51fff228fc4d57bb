import type { PluginStatus } from '@tributary/engine'
import { expect, it } from 'vitest'
import { findMetric } from './find-metric.ts'

const source = (id: string, unit = 'kg', connected = true) =>
  ({
    plugin: {
      id,
      name: id.toUpperCase(),
      fields: [
        {
          id: 'weight',
          name: 'Weight',
          description: null,
          type: 'number',
          unit,
          kind: 'weight',
          dimension: null,
        },
      ],
    },
    connected,
    simulated: false,
  }) as unknown as PluginStatus
const names = (name: string, plugins: PluginStatus[]) =>
  findMetric(name, plugins, [])?.series.map((series) => [series.name, series.label])

it('is drawn with all that connected sources give of its kind, itself first', () => {
  const plugins = [source('one'), source('two'), source('three', 'kg', false)]
  expect(names('two.weight', plugins)).toEqual([
    ['two.weight', 'TWO'],
    ['one.weight', 'ONE'],
  ])
  expect(names('metric.weight', plugins)?.map(([name]) => name)).toEqual([
    'metric.weight',
    'one.weight',
    'two.weight',
  ])
})

it('is never drawn on the axis of another unit', () => {
  expect(names('one.weight', [source('one'), source('two', '[lb_av]')])).toHaveLength(1)
})

it('is one line where one source alone gives its kind', () => {
  expect(names('metric.weight', [source('one')])).toEqual([['metric.weight', 'ONE']])
})

it('is nothing where no source has it', () => {
  expect(findMetric('one.height', [source('one')], [])).toBeNull()
  expect(findMetric('manual.none', [source('one')], [])).toBeNull()
})
