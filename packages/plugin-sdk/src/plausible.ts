import { type Field, type FieldKind, kinds, type Range } from './fields.ts'

/** Whether a stored value can be one of a kind, e.g. to find the last weighing of a day that is one. */
export function isPlausible(kind: FieldKind, value: number): boolean {
  return isWithin(kinds[kind].range, value)
}

/** What is implausible about a field's stored value, in a sentence; `undefined` where nothing is. */
export function implausibility(field: Field, value: number): string | undefined {
  const range = field.range ?? (field.kind && kinds[field.kind].range)
  if (range === undefined || isWithin(range, value)) return undefined
  const [lowest, highest] = range.map((bound) => amount(bound, field))
  const unit = unitOf(field)
  const inUnit = unit === '' ? '' : ` ${unit}`
  return `${field.name} of ${amount(value, field)}${inUnit} is outside ${lowest} to ${highest}${inUnit}.`
}

function isWithin([lowest, highest]: Range, value: number): boolean {
  return value >= lowest && value <= highest
}

/** Durations are stored in seconds and read in hours. */
function amount(value: number, { type }: Field): string {
  const shown = type === 'duration' ? value / 3600 : value
  return shown.toLocaleString('en', { maximumSignificantDigits: 6 })
}

function unitOf({ type, unit = '' }: Field): string {
  if (type === 'duration') return 'h'
  if (type === 'time') return 'min from midnight'
  if (unit === '1' || unit === '{score}') return ''
  return unit.replace(/^\{(.*)\}$/, '$1').replace(/^\/min$/, 'per min')
}
