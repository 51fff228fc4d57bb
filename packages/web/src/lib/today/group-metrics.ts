import type { DailyValue, PluginStatus } from '@tributary/engine'
import type { ValueForm } from '../values/format-value.ts'

/** One field of a source with its values of the days shown, oldest first. */
export interface MetricSeries extends ValueForm {
  /** `pluginId.fieldId`. */
  name: string
  label: string
  description: string | null
  values: DailyValue[]
}

/** A source and those of its fields that are shown. */
export interface SourceMetrics {
  id: string
  name: string
  icon: string
  simulated: boolean
  metrics: MetricSeries[]
}

/** Sorts values by source: all fields of connected sources, and of the others those that have a value. */
export function groupMetrics(
  plugins: PluginStatus[],
  days: { date: string; values: Record<string, DailyValue> }[],
): SourceMetrics[] {
  return plugins
    .map((status) => ({
      id: status.plugin.id,
      name: status.plugin.name,
      icon: status.plugin.icon,
      simulated: status.simulated,
      metrics: status.plugin.fields
        .filter(({ dimension }) => dimension === null)
        .map(({ id, name, description, type, unit, kind }) => {
          const metric = `${status.plugin.id}.${id}`
          return { name: metric, label: name, description, type, unit, kind, values: pick(days, metric) }
        })
        .filter(({ values }) => status.connected || values.some((value) => value !== null)),
    }))
    .filter(({ metrics }) => metrics.length > 0)
}

function pick(days: { values: Record<string, DailyValue> }[], metric: string): DailyValue[] {
  return days.map(({ values }) => values[metric] ?? null)
}
