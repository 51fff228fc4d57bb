import type { MetricTemplate, PluginStatus } from '@tributary/engine'
import { findMetricSource } from '../templates/metric-sources.ts'
import type { ValueForm } from '../values/format-value.ts'

/** One line of the legend: a metric whose values are drawn. */
export interface NamedSeries {
  /** `pluginId.fieldId`, `metric.KIND` or `manual.ID`. */
  name: string
  /** Who gives it. */
  label: string
  simulated: boolean
}

/** What a metric's page is about; the first series is the metric itself, the others are of the same kind. */
export interface FoundMetric {
  title: string
  description: string | null
  form: ValueForm
  series: NamedSeries[]
}

/** Finds a metric by its name, and what is drawn with it: all that connected sources give of its kind, in its unit. */
export function findMetric(
  name: string,
  plugins: PluginStatus[],
  templates: MetricTemplate[],
): FoundMetric | null {
  if (name.startsWith('manual.')) return findManual(name, templates)
  const found = findMetricSource(plugins, name)
  if (!found) return null
  const { type, unit, kind } = found
  const form = { type, unit, kind }
  const own = { name, label: found.from, simulated: found.simulated }
  const others = kind === null ? [] : ofKind(form, plugins).filter((series) => series.name !== name)
  const onlyOne = name.startsWith('metric.') && others.length === 1
  const series = onlyOne ? others.map((only) => ({ ...only, name })) : [own, ...others]
  return { title: found.name, description: found.description, form, series }
}

function ofKind({ type, unit, kind }: ValueForm, plugins: PluginStatus[]): NamedSeries[] {
  return plugins
    .filter(({ connected }) => connected)
    .flatMap(({ plugin, simulated }) => {
      const fields = plugin.fields.filter(
        (field) => field.kind === kind && field.type === type && field.unit === unit,
      )
      return fields.map((field) => ({
        name: `${plugin.id}.${field.id}`,
        label: fields.length > 1 ? `${plugin.name}, ${field.name}` : plugin.name,
        simulated,
      }))
    })
}

function findManual(name: string, templates: MetricTemplate[]): FoundMetric | null {
  for (const metric of templates.flatMap(({ metrics }) => metrics)) {
    if (metric.type !== 'manual' || `manual.${metric.id}` !== name) continue
    return {
      title: metric.name,
      description: null,
      form: { type: metric.valueType, unit: metric.unit, kind: null },
      series: [{ name, label: 'Entered by hand', simulated: false }],
    }
  }
  return null
}
