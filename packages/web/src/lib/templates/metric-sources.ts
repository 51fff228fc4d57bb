import type { PluginStatus } from '@tributary/engine'
import type { ValueForm } from '../values/format-value.ts'
import { kindName, type Kind } from '../values/kind-name.ts'

/** Something that a template's External metric can show. */
export interface MetricSource extends ValueForm {
  /** `pluginId.fieldId` or `metric.KIND`. */
  source: string
  name: string
  description: string | null
  /** Who gives it: a source, or all that give its kind. */
  from: string
  fromIds: string[]
  simulated: boolean
}

/** All that sources give, by source: first what is merged over them. */
export interface MetricSourceGroup {
  name: string
  sources: MetricSource[]
}

/** What can be chosen for a template: what connected sources give, and the kinds of it. */
export function metricSourceGroups(plugins: PluginStatus[]): MetricSourceGroup[] {
  const connected = plugins.filter((status) => status.connected)
  return [
    { name: 'Whichever source has it', sources: mergedSources(connected) },
    ...connected.map((status) => ({ name: status.plugin.name, sources: ownSources(status) })),
  ].filter(({ sources }) => sources.length > 0)
}

/** Finds what an External metric shows, also where its source is no longer connected. */
export function findMetricSource(plugins: PluginStatus[], source: string): MetricSource | null {
  const connected = plugins.filter((status) => status.connected)
  const all = [...mergedSources(connected), ...plugins.flatMap(ownSources), ...mergedSources(plugins)]
  return all.find((one) => one.source === source) ?? null
}

function ownSources({ plugin, simulated }: PluginStatus): MetricSource[] {
  const whole = plugin.fields.filter(({ dimension }) => dimension === null)
  return whole.map(({ id, name, description, type, unit, kind }) => ({
    source: `${plugin.id}.${id}`,
    name,
    description,
    type,
    unit,
    kind,
    from: plugin.name,
    fromIds: [plugin.id],
    simulated,
  }))
}

function mergedSources(plugins: PluginStatus[]): MetricSource[] {
  const merged = new Map<Kind, MetricSource>()
  for (const { plugin, simulated } of plugins) {
    for (const { type, unit, kind } of plugin.fields) {
      if (kind === null) continue
      const known = merged.get(kind)
      if (known) {
        if (!known.fromIds.includes(plugin.id)) known.fromIds.push(plugin.id)
        known.simulated ||= simulated
        continue
      }
      merged.set(kind, {
        source: `metric.${kind}`,
        name: kindName(kind),
        description: null,
        type,
        unit,
        kind,
        from: 'All sources',
        fromIds: [plugin.id],
        simulated,
      })
    }
  }
  return [...merged.values()].sort((one, other) => one.name.localeCompare(other.name, 'en'))
}
