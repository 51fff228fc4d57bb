export type ManualType = 'number' | 'duration' | 'time' | 'yes-no' | 'text'

/**
 * One line of a template: what a source gives (External), in the unit of its field, or what the user enters (Manual), in a unit
 * that is theirs to name.
 */
export type Metric =
  | { type: 'external'; id: string; name: string; source: string }
  | { type: 'manual'; id: string; name: string; valueType: ManualType; unit: string | null }

export interface MetricTemplate {
  id: string
  name: string
  /** Whether Today shows it. */
  chosen: boolean
  metrics: Metric[]
}

/** A metric as it is written: a Manual one keeps its `id`, and with it its entries; a new one has none. */
export type NewMetric =
  | { type: 'external'; name: string; source: string }
  | {
      type: 'manual'
      id?: string | undefined
      name: string
      valueType: ManualType
      unit?: string | null | undefined
    }

export interface NewTemplate {
  name: string
  chosen?: boolean | undefined
  metrics: NewMetric[]
}

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
