import type { DailyValue } from '@tributary/engine'
import { unitName } from './unit-name.ts'

/** What is needed of a field to write its values. */
export interface ValueForm {
  type: 'number' | 'duration' | 'time' | 'yes-no' | 'text'
  unit: string | null
  kind: string | null
}

/** A value for people: its parts, each a figure and perhaps a unit, and what else must be known of it. */
export interface FormattedValue {
  parts: { figure: string; unit: string }[]
  /** Where a time lies on another day than the one that it is a value of. */
  note: string | null
}

/** Writes a stored value for people; `null` where there is none. */
export function formatValue(value: DailyValue, form: ValueForm): FormattedValue | null {
  if (value === null) return null
  if (typeof value === 'string') return { parts: [{ figure: value, unit: '' }], note: null }
  if (form.type === 'duration') return { parts: durationParts(value), note: null }
  if (form.type === 'time') return formatTime(value)
  if (form.type === 'yes-no') return { parts: [{ figure: value === 0 ? 'No' : 'Yes', unit: '' }], note: null }
  return { parts: [{ figure: formatNumber(value), unit: unitName(form.unit, form.kind) }], note: null }
}

/** The same in one line, e.g. for a cell of a table. */
export function valueText(value: DailyValue, form: ValueForm, withUnit = true): string | null {
  const formatted = formatValue(value, form)
  if (!formatted) return null
  const keepsUnit = withUnit || form.type === 'duration'
  return formatted.parts
    .map(({ figure, unit }) => (keepsUnit && unit !== '' ? `${figure} ${unit}` : figure))
    .join(' ')
}

function durationParts(seconds: number): FormattedValue['parts'] {
  const minutes = Math.round(Math.abs(seconds) / 60)
  const hours = Math.floor(minutes / 60)
  const sign = seconds < 0 && minutes > 0 ? '−' : ''
  if (hours === 0) return [{ figure: `${sign}${minutes}`, unit: 'min' }]
  return [
    { figure: `${sign}${hours}`, unit: 'h' },
    { figure: String(minutes % 60), unit: 'min' },
  ]
}

const day = 24 * 60

function formatTime(minutes: number): FormattedValue {
  const whole = Math.floor(minutes)
  const ofDay = ((whole % day) + day) % day
  const figure = `${String(Math.floor(ofDay / 60)).padStart(2, '0')}:${String(ofDay % 60).padStart(2, '0')}`
  return {
    parts: [{ figure, unit: '' }],
    note: whole < 0 ? 'the evening before' : whole >= day ? 'the next day' : null,
  }
}

function formatNumber(value: number): string {
  const size = Math.abs(value)
  return value.toLocaleString('en', { maximumFractionDigits: size >= 1000 ? 0 : size >= 10 ? 1 : 2 })
}
