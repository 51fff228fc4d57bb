import type { PluginStatus } from '@tributary/engine'
import { describe, expect, it } from 'vitest'
import { findMetricSource, metricSourceGroups } from './metric-sources.ts'

function status(id: string, connected: boolean, fields: [string, string | null][]): PluginStatus {
  return {
    plugin: {
      id,
      name: id.toUpperCase(),
      description: '',
      icon: '⌚',
      fields: fields.map(([field, kind]) => ({
        id: field,
        name: `${field} of ${id}`,
        description: null,
        type: 'number' as const,
        unit: '{steps}',
        kind: kind as 'steps' | null,
        dimension: null,
      })),
      retired: null,
      successor: null,
    },
    simulated: id === 'two',
    connected,
  } as PluginStatus
}

const plugins = [
  status('one', true, [
    ['walked', 'steps'],
    ['mood', null],
  ]),
  status('two', true, [['steps', 'steps']]),
  status('three', false, [['floors', 'floors']]),
]

describe('what a template can show', () => {
  it('is what connected sources give, and once each kind that one of them has', () => {
    expect(
      metricSourceGroups(plugins).map(({ name, sources }) => [name, sources.map(({ source }) => source)]),
    ).toEqual([
      ['Whichever source has it', ['metric.steps']],
      ['ONE', ['one.walked', 'one.mood']],
      ['TWO', ['two.steps']],
    ])
  })

  it('names a kind in plain words, and says who gives it', () => {
    expect(findMetricSource(plugins, 'metric.steps')).toMatchObject({
      name: 'Steps',
      from: 'All sources',
      fromIds: ['one', 'two'],
      simulated: true,
    })
  })

  it('finds what a source gave that is no longer connected', () => {
    expect(findMetricSource(plugins, 'three.floors')).toMatchObject({ from: 'THREE' })
    expect(findMetricSource(plugins, 'metric.floors')).toMatchObject({ fromIds: ['three'] })
    expect(findMetricSource(plugins, 'gone.field')).toBeNull()
  })
})
