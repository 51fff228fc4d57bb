import { formatValue, type ValueForm } from '../values/format-value.ts'

/** Writes a mark of an axis: times as `HH:MM`, durations as `h:mm`, numbers without their unit. */
export function axisText(value: number, form: ValueForm): string {
  if (form.type === 'duration') return hoursAndMinutes(value)
  if (form.type === 'number' && Math.abs(value) >= 1_000_000)
    return value.toLocaleString('en', { notation: 'compact', maximumFractionDigits: 2 })
  if (form.type === 'number') return value.toLocaleString('en', { maximumFractionDigits: 6 })
  return formatValue(value, form)?.parts[0]?.figure ?? ''
}

function hoursAndMinutes(seconds: number): string {
  const minutes = Math.round(Math.abs(seconds) / 60)
  const sign = seconds < 0 && minutes > 0 ? '−' : ''
  return `${sign}${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`
}
