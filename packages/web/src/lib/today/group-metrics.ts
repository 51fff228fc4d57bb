import type { DailyValue, IncompleteValue, PluginStatus } from '@tributary/engine'
import type { ValueForm } from '../values/format-value.ts'
import { type DayValues, pickValues } from '../values/so-far.ts'

/** One field of a source with its values of the days shown, oldest first. */
export interface MetricSeries extends ValueForm, DayValues {
  /** `pluginId.fieldId`. */
  name: string
  label: string
  description: string | null
}

/** A source and those of its fields that are shown. */
export interface SourceMetrics {
  id: string
  name: string
  icon: string
  simulated: boolean
  /** Those that have a value on one of the days. */
  metrics: MetricSeries[]
  /** Those that a connected source could give and has not. */
  silent: MetricSeries[]
}

/** Sorts values by source: all fields of connected sources, and of the others those that have a value. */
export function groupMetrics(
  plugins: PluginStatus[],
  days: { date: string; values: Record<string, DailyValue> }[],
  incomplete: IncompleteValue[],
): SourceMetrics[] {
  return plugins
    .map((status) => {
      const { plugin, simulated, connected } = status
      const all = plugin.fields
        .filter(({ dimension }) => dimension === null)
        .map(({ id, name, description, type, unit, kind }) => {
          const metric = `${plugin.id}.${id}`
          return {
            name: metric,
            label: name,
            description,
            type,
            unit,
            kind,
            ...pickValues(metric, days, incomplete),
          }
        })
      return {
        id: plugin.id,
        name: plugin.name,
        icon: plugin.icon,
        simulated,
        metrics: all.filter(speaks),
        silent: connected ? all.filter((one) => !speaks(one)) : [],
      }
    })
    .filter(({ metrics, silent }) => metrics.length + silent.length > 0)
}

const speaks = ({ values }: MetricSeries) => values.some((value) => value !== null)
