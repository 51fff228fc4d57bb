import type { PluginStatus } from '@tributary/engine'
import { expect, it } from 'vitest'
import { sourceOrder } from './source-order.ts'

const source = (id: string, kinds: string[], more: object = {}) =>
  ({
    plugin: { id, name: id, icon: '', fields: kinds.map((kind) => ({ id: kind, kind })) },
    connected: true,
    ...more,
  }) as unknown as PluginStatus

it('lists the connected sources that have a kind in common', () => {
  const plugins = [
    source('one', ['steps', 'weight']),
    source('two', ['steps']),
    source('three', ['coding-time']),
    source('four', ['steps'], { connected: false }),
  ]
  expect(sourceOrder(plugins).map(({ id, shares }) => [id, shares])).toEqual([
    ['one', ['Steps']],
    ['two', ['Steps']],
  ])
})

it('follows the order of the user', () => {
  const plugins = [source('one', ['steps'], { preference: 1 }), source('two', ['steps'], { preference: 0 })]
  expect(sourceOrder(plugins).map(({ id }) => id)).toEqual(['two', 'one'])
})
