export type { MetricChange } from '@tributary/api'

export interface ChangeList {
  /** Only changes of this moment, ISO 8601, and later ones. */
  since?: string | undefined
  metric?: string | undefined
  /** Only those after this place: the `next` of the list before. */
  after?: string | null | undefined
  /** At most so many; default 200. */
  limit?: number | undefined
}
