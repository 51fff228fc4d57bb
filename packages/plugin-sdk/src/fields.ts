/** How a value is stored: `number` in its UCUM unit, `duration` in seconds, `time` in minutes from the day's midnight (negative for the evening before), `text`. */
export type FieldType = 'number' | 'duration' | 'time' | 'text'

/** The lowest and the highest plausible value, both included, in the unit in which values are stored. */
export type Range = readonly [lowest: number, highest: number]

/** The form of a kind's values, and the range outside of which a value is physically impossible. */
interface KindForm {
  type: FieldType
  unit?: string
  range: Range
}

/** In seconds and in minutes: the longest local day, on which clocks are set back by an hour. */
const longestDay = { seconds: 25 * 3600, minutes: 25 * 60 }

/**
 * What a field can mean whatever its source, and the form that its values then have: merged over sources they count the same.
 *
 * A range holds for a single measurement and for the value of a day. It excludes only what is physically impossible, so
 * that a rare true value is never lost; sums and counts begin at 0, vital signs do not. `docs/plausible-ranges.md` has the
 * source of each bound.
 */
export const kinds = {
  // Three hundred steps a minute, all day.
  steps: { type: 'number', unit: '{steps}', range: [0, 300 * longestDay.minutes] },
  // Twice what anybody has covered in 24 hours by their own power.
  distance: { type: 'number', unit: 'km', range: [0, 2500] },
  // About twice the energy that the hardest known days of exercise took.
  calories: { type: 'number', unit: 'kcal', range: [0, 50_000] },
  'active-calories': { type: 'number', unit: 'kcal', range: [0, 50_000] },
  'active-minutes': { type: 'number', unit: 'min', range: [0, longestDay.minutes] },
  // A vigorous minute counts twice.
  'zone-minutes': { type: 'number', unit: 'min', range: [0, 2 * longestDay.minutes] },
  // 30 km of ascent.
  floors: { type: 'number', unit: '{floors}', range: [0, 10_000] },
  'sleep-duration': { type: 'duration', range: [0, longestDay.seconds] },
  'sleep-deep': { type: 'duration', range: [0, longestDay.seconds] },
  'sleep-light': { type: 'duration', range: [0, longestDay.seconds] },
  'sleep-rem': { type: 'duration', range: [0, longestDay.seconds] },
  'sleep-awake': { type: 'duration', range: [0, longestDay.seconds] },
  'bed-time': { type: 'time', range: [-longestDay.minutes, longestDay.minutes] },
  'wake-up-time': { type: 'time', range: [-longestDay.minutes, longestDay.minutes] },
  'resting-heart-rate': { type: 'number', unit: '/min', range: [15, 250] },
  // A ventricular rate of 600 a minute was survived.
  'heart-rate': { type: 'number', unit: '/min', range: [10, 600] },
  'heart-rate-min': { type: 'number', unit: '/min', range: [10, 600] },
  'heart-rate-max': { type: 'number', unit: '/min', range: [10, 600] },
  // Successive beats at 15 a minute differ by 4 s at most.
  'heart-rate-variability': { type: 'number', unit: 'ms', range: [0.1, 4000] },
  'oxygen-saturation': { type: 'number', unit: '%', range: [1, 100] },
  'breathing-rate': { type: 'number', unit: '/min', range: [0.1, 200] },
  // From the smallest newborns to more than the heaviest person known, 635 kg.
  weight: { type: 'number', unit: 'kg', range: [0.3, 700] },
  'body-fat': { type: 'number', unit: '%', range: [0.1, 100] },
  // The highest reported is 101.1.
  'vo2-max': { type: 'number', unit: 'mL/min/kg', range: [0.1, 150] },
  // At most 4.4 points a minute, all day, by Banister's training impulse.
  'cardio-load': { type: 'number', unit: '{points}', range: [0, 10_000] },
  readiness: { type: 'number', unit: '{score}', range: [0, 100] },
  // One begun each minute.
  workouts: { type: 'number', unit: '{workouts}', range: [0, longestDay.minutes] },
  // Of workouts that began on the day: races recorded in one piece go on for days.
  'workout-duration': { type: 'duration', range: [0, 7 * 24 * 3600] },
  'coding-time': { type: 'duration', range: [0, longestDay.seconds] },
} as const satisfies Record<string, KindForm>

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
  const form: KindForm = kinds[kind]
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
  /** A value outside is rejected as implausible. Default: the range of the kind; without a kind every value is plausible. */
  range?: Range
  /** What its values are split by, e.g. `project`; such a field has no value for a whole day. */
  dimension?: string
  /** Only for fields that have measurements. */
  day?: DayRule
  /** Where fewer measurements are kept: how those of a span become one. As `day` says, unless given; for fields without that rule. */
  span?: SpanRule
  /** Which day an interval belongs to: the one it starts in (the default) or the one it ends in, as sleep does. */
  belongsTo?: 'start' | 'end'
}
