import { invalid, Refusal } from './refusals.ts'
import type { Area } from './scopes.ts'

export type Action = 'list' | 'reconcile' | 'rollup' | 'dailyRollup'

export interface DataType {
  /** In the URL: `daily-vo2-max`. In filters it is written with underscores, in answers in camel case. */
  readonly id: string
  readonly kind: 'interval' | 'sample' | 'daily' | 'session'
  readonly area: Area
  readonly actions: readonly Action[]
  /** The longest range that can be rolled up at once, in days. */
  readonly longest: 14 | 90
  /** At most so many points in one page. */
  readonly largestPage: number
}

const ALL: readonly Action[] = ['list', 'reconcile', 'rollup', 'dailyRollup']
const POINTS: readonly Action[] = ['list', 'reconcile']
const ROLLUPS: readonly Action[] = ['rollup', 'dailyRollup']

const type = (
  id: string,
  kind: DataType['kind'],
  area: Area,
  actions: readonly Action[],
  changes: Partial<DataType> = {},
): DataType => ({ id, kind, area, actions, longest: 90, largestPage: 10_000, ...changes })

const ACTIVITY = 'activity_and_fitness'
const METRICS = 'health_metrics_and_measurements'
const TWO_WEEKS = { longest: 14 } as const
const SMALL_PAGES = { largestPage: 25 } as const

/** Which read each of them has was measured against the real API by its users: `list` is not for all. */
const dataTypes: readonly DataType[] = [
  type('steps', 'interval', ACTIVITY, ALL),
  type('distance', 'interval', ACTIVITY, ALL),
  type('floors', 'interval', ACTIVITY, ['reconcile', ...ROLLUPS]),
  type('total-calories', 'interval', ACTIVITY, ROLLUPS, TWO_WEEKS),
  type('active-energy-burned', 'interval', ACTIVITY, ALL),
  type('active-minutes', 'interval', ACTIVITY, ALL, TWO_WEEKS),
  type('active-zone-minutes', 'interval', ACTIVITY, ALL),
  type('heart-rate', 'sample', METRICS, ALL, TWO_WEEKS),
  type('weight', 'sample', METRICS, ALL),
  type('body-fat', 'sample', METRICS, ALL),
  type('daily-resting-heart-rate', 'daily', METRICS, POINTS),
  type('daily-heart-rate-variability', 'daily', METRICS, POINTS),
  type('daily-oxygen-saturation', 'daily', METRICS, POINTS),
  type('daily-respiratory-rate', 'daily', METRICS, POINTS),
  type('daily-vo2-max', 'daily', ACTIVITY, POINTS),
  type('sleep', 'session', 'sleep', POINTS, SMALL_PAGES),
  type('exercise', 'session', ACTIVITY, POINTS, SMALL_PAGES),
]

/** Throws the refusal where there is no such type, or it cannot be read so. */
export function findDataType(id: string, action: Action): DataType {
  const found = dataTypes.find((candidate) => candidate.id === id)
  if (!found) throw invalid('INVALID_DATA_TYPE', `Data type ${id} is not supported.`)
  if (!found.actions.includes(action)) {
    const verb = action.charAt(0).toUpperCase() + action.slice(1)
    const allowed = found.actions.join(', ')
    throw new Refusal({
      code: 400,
      status: 'INVALID_ARGUMENT',
      message: `${verb} is not supported for data type ${id}, but the following actions are supported: ${allowed}`,
      reason: 'UNSUPPORTED_DATA_TYPE_ACTION',
      metadata: { allowed_actions: allowed },
    })
  }
  return found
}

/** `daily_vo2_max` */
export function inFilters({ id }: DataType): string {
  return id.replaceAll('-', '_')
}

/** `dailyVo2Max` */
export function inAnswers({ id }: DataType): string {
  return id.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
}
