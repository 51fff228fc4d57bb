/** How a value is stored: `number` in its UCUM unit, `duration` in seconds, `time` in minutes from the day's midnight (negative for the evening before), `text`. */
export type FieldType = 'number' | 'duration' | 'time' | 'text'

/** What a field can mean whatever its source, and the form that its values then have: merged over sources they count the same. */
export const kinds = {
  steps: { type: 'number', unit: '{steps}' },
  distance: { type: 'number', unit: 'km' },
  calories: { type: 'number', unit: 'kcal' },
  'active-calories': { type: 'number', unit: 'kcal' },
  'active-minutes': { type: 'number', unit: 'min' },
  'zone-minutes': { type: 'number', unit: 'min' },
  floors: { type: 'number', unit: '{floors}' },
  'sleep-duration': { type: 'duration' },
  'sleep-deep': { type: 'duration' },
  'sleep-light': { type: 'duration' },
  'sleep-rem': { type: 'duration' },
  'sleep-awake': { type: 'duration' },
  'bed-time': { type: 'time' },
  'wake-up-time': { type: 'time' },
  'resting-heart-rate': { type: 'number', unit: '/min' },
  'heart-rate': { type: 'number', unit: '/min' },
  'heart-rate-min': { type: 'number', unit: '/min' },
  'heart-rate-max': { type: 'number', unit: '/min' },
  'heart-rate-variability': { type: 'number', unit: 'ms' },
  'oxygen-saturation': { type: 'number', unit: '%' },
  'breathing-rate': { type: 'number', unit: '/min' },
  weight: { type: 'number', unit: 'kg' },
  'body-fat': { type: 'number', unit: '%' },
  'vo2-max': { type: 'number', unit: 'mL/min/kg' },
  'cardio-load': { type: 'number', unit: '{points}' },
  readiness: { type: 'number', unit: '{score}' },
  workouts: { type: 'number', unit: '{workouts}' },
  'workout-duration': { type: 'duration' },
  'coding-time': { type: 'duration' },
} as const satisfies Record<string, { type: FieldType; unit?: string }>

/** Values of one kind are merged over sources as `metric.KIND`. */
export type FieldKind = keyof typeof kinds

/** What is wrong with a field for the kind that it claims, as the end of a sentence; `undefined` where nothing is. */
export function kindFault({
  kind,
  type,
  unit,
}: {
  kind?: FieldKind | undefined
  type: FieldType
  unit?: string | undefined
}): string | undefined {
  if (kind === undefined) return undefined
  const form: { type: FieldType; unit?: string } = kinds[kind]
  if (type === form.type && (form.unit === undefined || unit === form.unit)) return undefined
  return `cannot be of the kind "${kind}", whose values are of the type ${form.type}${form.unit ? ` in ${form.unit}` : ''}`
}

/** How the measurements of a day become its value, for days of which the source itself says nothing. */
export type DayRule = 'sum' | 'mean' | 'min' | 'max' | 'first' | 'last' | 'start' | 'end' | 'duration'

/** How measurements of one device become one of a longer span. */
export type SpanRule = Extract<DayRule, 'sum' | 'mean' | 'min' | 'max' | 'first' | 'last'>

/** One value that a plugin offers, named `pluginId.fieldId`. */
export interface Field {
  name: string
  type: FieldType
  /** UCUM, e.g. `{steps}`, `km`, `/min`; every `number` has one. */
  unit?: string
  description?: string
  kind?: FieldKind
  /** What its values are split by, e.g. `project`; such a field has no value for a whole day. */
  dimension?: string
  /** Only for fields that have measurements. */
  day?: DayRule
  /** Where fewer measurements are kept: how those of a span become one. As `day` says, unless given; for fields without that rule. */
  span?: SpanRule
  /** Which day an interval belongs to: the one it starts in (the default) or the one it ends in, as sleep does. */
  belongsTo?: 'start' | 'end'
}
