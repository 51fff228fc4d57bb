import type { PluginStatus } from '@tributary/engine'
import { type Kind, kindName } from '../values/kind-name.ts'

/** A source that shares a kind with another, and what they share in words. */
export interface RankedSource {
  id: string
  name: string
  icon: string
  shares: string[]
}

/** The connected sources that have a kind in common with another, in the user's order. */
export function sourceOrder(plugins: PluginStatus[]): RankedSource[] {
  const connected = plugins.filter((status) => status.connected)
  const shared = (kind: Kind) => connected.filter((status) => kindsOf(status).has(kind)).length > 1
  return connected
    .toSorted((one, other) => (one.preference ?? Infinity) - (other.preference ?? Infinity) || 0)
    .map((status) => ({
      id: status.plugin.id,
      name: status.plugin.name,
      icon: status.plugin.icon,
      shares: [...kindsOf(status)].filter(shared).map(kindName),
    }))
    .filter(({ shares }) => shares.length > 0)
}

function kindsOf({ plugin }: PluginStatus): Set<Kind> {
  return new Set(plugin.fields.flatMap(({ kind }) => kind ?? []))
}
