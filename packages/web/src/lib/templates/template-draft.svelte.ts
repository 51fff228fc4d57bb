import type {
  ManualType,
  Metric,
  MetricTemplate,
  NewMetric,
  NewTemplate,
  PluginStatus,
} from '@tributary/engine'
import { unitName } from '../values/unit-name.ts'
import { findMetricSource, type MetricSource } from './metric-sources.ts'

/** A line of a template while it is edited. */
export interface DraftMetric {
  /** Tells lines apart on this page alone. */
  key: number
  metric: Metric
  name: string
  /** Of what is entered by hand, as it is written for people; empty: none. */
  unit: string
  found: MetricSource | null
}

/** A template while it is edited: its lines can be added, moved, renamed and removed. */
export class TemplateDraft {
  name = $state('')
  chosen = $state(false)
  metrics: DraftMetric[] = $state([])
  readonly used = $derived(this.metrics.map(({ metric }) => nameOf(metric)))
  #nextKey = 0

  constructor(template: Pick<MetricTemplate, 'name' | 'chosen' | 'metrics'>, plugins: PluginStatus[]) {
    this.name = template.name
    this.chosen = template.chosen
    this.metrics = template.metrics.map((metric) =>
      this.#toLine(metric, metric.type === 'external' ? findMetricSource(plugins, metric.source) : null),
    )
  }

  addExternal(found: MetricSource): void {
    const { source, name } = found
    this.metrics.push(this.#toLine({ type: 'external', id: source, name, source }, found))
  }

  addManual(name: string, valueType: ManualType, unit: string): void {
    const metric: Metric = { type: 'manual', id: '', name, valueType, unit: unit.trim() || null }
    this.metrics.push(this.#toLine(metric, null))
  }

  /** Moves a line by so many places; tells whether it moved. */
  move(key: number, by: number): boolean {
    const from = this.metrics.findIndex((line) => line.key === key)
    const to = from + by
    const [line] = to < 0 || to >= this.metrics.length ? [] : this.metrics.splice(from, 1)
    if (line) this.metrics.splice(to, 0, line)
    return line !== undefined
  }

  remove(key: number): void {
    this.metrics = this.metrics.filter((line) => line.key !== key)
  }

  /** The template as it is sent. */
  toTemplate(): NewTemplate {
    return { name: this.name.trim(), chosen: this.chosen, metrics: this.metrics.map(toMetric) }
  }

  #toLine(metric: Metric, found: MetricSource | null): DraftMetric {
    const unit = metric.type === 'manual' ? unitName(metric.unit, null) : ''
    return { key: this.#nextKey++, metric, name: metric.name, unit, found }
  }
}

/** The name that a metric's values are stored under; empty for a Manual one that was never saved. */
export function nameOf(metric: Metric): string {
  if (metric.type === 'external') return metric.source
  return metric.id === '' ? '' : `manual.${metric.id}`
}

function toMetric({ metric, name, unit }: DraftMetric): NewMetric {
  if (metric.type === 'external') return { type: 'external', name, source: metric.source }
  const { id, valueType } = metric
  return { type: 'manual', ...(id !== '' && { id }), name, valueType, unit: unit.trim() || null }
}
