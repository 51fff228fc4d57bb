import type { PluginStatus } from '@tributary/engine'
import { type Kind, kindName } from '../values/kind-name.ts'

/** A source that shares a kind with another, and what they share in words. */
export interface RankedSource {
  id: string
  name: string
  icon: string
  shares: string[]
  /** The retired source before which it goes for having no place of its own, and since when; `null`: none. */
  follows: { name: string; since: string } | null
}

/** The sources with data that have a kind in common with another, in the user's order; what was kept counts on. */
export function sourceOrder(plugins: PluginStatus[]): RankedSource[] {
  const connected = plugins.filter((status) => status.connected || Boolean(status.lastSync))
  const shared = (kind: Kind) => connected.filter((status) => kindsOf(status).has(kind)).length > 1
  return connected
    .toSorted(
      (one, other) =>
        (one.preference ?? Infinity) - (other.preference ?? Infinity) ||
        Date.parse(one.firstConnected ?? '') - Date.parse(other.firstConnected ?? '') ||
        0,
    )
    .map((status) => ({
      id: status.plugin.id,
      name: status.plugin.name,
      icon: status.plugin.icon,
      shares: [...kindsOf(status)].filter(shared).map(kindName),
      follows: status.preference === null ? followed(status, plugins) : null,
    }))
    .filter(({ shares }) => shares.length > 0)
    .map((source, place, all) => {
      const before = all.findIndex(({ name }) => name === source.follows?.name)
      return before > place ? { ...source, follows: null } : source
    })
}

function kindsOf({ plugin }: PluginStatus): Set<Kind> {
  return new Set(plugin.fields.flatMap(({ kind }) => kind ?? []))
}

/** A successor without a place of its own has that of the retired source, from the day of the retirement on. */
function followed({ plugin }: PluginStatus, plugins: PluginStatus[]): RankedSource['follows'] {
  const before = plugins.find(
    (other) =>
      other.plugin.successor === plugin.id &&
      Boolean(other.plugin.retired) &&
      (other.connected || Boolean(other.lastSync)),
  )
  const since = before?.plugin.retired?.since
  return before && since !== undefined ? { name: before.plugin.name, since } : null
}
