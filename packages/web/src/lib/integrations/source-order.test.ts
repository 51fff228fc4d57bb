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

it('lists who has no place by when it was first connected, as values are merged', () => {
  const plugins = [
    source('one', ['steps'], { preference: null, firstConnected: '2026-11-02T00:00:00Z' }),
    source('two', ['steps'], { preference: null, firstConnected: '2026-11-01T00:00:00Z' }),
  ]
  expect(sourceOrder(plugins).map(({ id }) => id)).toEqual(['two', 'one'])
})

it('lists a source that was disconnected and whose values stay', () => {
  const kept = source('one', ['steps'], { connected: false, lastSync: '2026-11-02T00:00:00Z' })
  expect(sourceOrder([kept, source('two', ['steps'])]).map(({ id }) => id)).toEqual(['one', 'two'])
})

it('says before whom a successor without a place of its own goes', () => {
  const plugins = [
    source('old', ['steps'], { preference: 0 }),
    source('new', ['steps'], { preference: null }),
  ]
  Object.assign(plugins[0]?.plugin ?? {}, { successor: 'new', retired: { since: '2026-11-02', note: '' } })
  expect(sourceOrder(plugins).map(({ follows }) => follows)).toEqual([
    null,
    { name: 'old', since: '2026-11-02' },
  ])
})
