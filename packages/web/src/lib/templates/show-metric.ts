import type { DailyValue, IncompleteValue, ManualType, Metric, PluginStatus } from '@tributary/engine'
import type { MetricSeries } from '../today/group-metrics.ts'
import { pickValues } from '../values/so-far.ts'
import { findMetricSource } from './metric-sources.ts'

/** A template's metric with its values of the days shown, and who gives it. */
export interface ShownMetric extends MetricSeries {
  /** `null` for what is entered by hand. */
  origin: { name: string; ids: string[]; simulated: boolean } | null
  manual: ManualType | null
}

/** Makes of a template's metric what a page shows of it. */
export function showMetric(
  metric: Metric,
  plugins: PluginStatus[],
  days: { date: string; values: Record<string, DailyValue> }[],
  incomplete: IncompleteValue[],
): ShownMetric {
  const name = metric.type === 'manual' ? `manual.${metric.id}` : metric.source
  const values = pickValues(name, days, incomplete)
  if (metric.type === 'manual') {
    const { valueType, unit } = metric
    return {
      name,
      label: metric.name,
      description: null,
      type: valueType,
      unit,
      kind: null,
      ...values,
      origin: null,
      manual: valueType,
    }
  }
  const found = findMetricSource(plugins, metric.source)
  return {
    name,
    label: metric.name,
    description: found?.description ?? null,
    type: found?.type ?? 'number',
    unit: found?.unit ?? null,
    kind: found?.kind ?? null,
    ...values,
    origin: {
      name: found?.from ?? metric.source,
      ids: found?.fromIds ?? [],
      simulated: found?.simulated ?? false,
    },
    manual: null,
  }
}
