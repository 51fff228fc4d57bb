import type { MetricTemplate, NewTemplate } from '@tributary/api'

export type { ManualType, Metric, MetricTemplate, NewMetric, NewTemplate } from '@tributary/api'

export interface MetricTemplates {
  /** In their order; a user who made none has none. */
  list(userId: string): Promise<MetricTemplate[]>
  /** Throws `Problem` 404. */
  get(userId: string, id: string): Promise<MetricTemplate>
  /** Throws `Problem` 422 for a source that no plugin has, or a bad name. */
  create(userId: string, template: NewTemplate): Promise<MetricTemplate>
  replace(userId: string, id: string, template: NewTemplate): Promise<MetricTemplate>
  remove(userId: string, id: string): Promise<void>
  /** The ids of all templates in their new order. */
  reorder(userId: string, ids: string[]): Promise<void>
}
