/** How a value is stored: `number` in its UCUM unit, `duration` in seconds, `time` in minutes from the day's midnight (negative for the evening before), `text`. */
export type FieldType = 'number' | 'duration' | 'time' | 'text'

/** What a field means whatever its source; values of one kind are merged over sources as `metric.KIND`. */
export type FieldKind =
  | 'steps'
  | 'distance'
  | 'calories'
  | 'active-calories'
  | 'active-minutes'
  | 'zone-minutes'
  | 'floors'
  | 'sleep-duration'
  | 'sleep-deep'
  | 'sleep-light'
  | 'sleep-rem'
  | 'sleep-awake'
  | 'bed-time'
  | 'wake-up-time'
  | 'resting-heart-rate'
  | 'heart-rate'
  | 'heart-rate-min'
  | 'heart-rate-max'
  | 'heart-rate-variability'
  | 'oxygen-saturation'
  | 'breathing-rate'
  | 'weight'
  | 'body-fat'
  | 'vo2-max'
  | 'cardio-load'
  | 'readiness'
  | 'workouts'
  | 'workout-duration'
  | 'coding-time'

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
