import type { ValueForm } from '../values/format-value.ts'

/** Where an axis begins and ends, and what is marked on it; values as stored. */
export interface Scale {
  low: number
  high: number
  ticks: number[]
}

const minute = 60
const hour = 60 * minute
const durationSteps = [
  minute,
  5 * minute,
  10 * minute,
  15 * minute,
  30 * minute,
  hour,
  2 * hour,
  3 * hour,
  4 * hour,
]
const timeSteps = [5, 10, 15, 30, 60, 120, 180, 240, 360]

/** Makes an axis that holds all values and ends at round ones; with `fromZero` it begins at zero. */
export function niceScale(values: number[], form: ValueForm, fromZero: boolean, wanted = 5): Scale {
  if (form.type === 'yes-no') return { low: 0, high: 1, ticks: [0, 1] }
  let low = Math.min(...values, ...(fromZero || values.length === 0 ? [0] : []))
  let high = Math.max(...values, ...(fromZero || values.length === 0 ? [0] : []))
  // Values that differ by less than they can be read to are the same.
  if (high - low <= 1e-9 * Math.max(1, Math.abs(low), Math.abs(high))) {
    if (!fromZero) low -= smallest(form)
    high += smallest(form)
  }
  if (!fromZero) {
    const room = (high - low) / 20
    low -= room
    high += room
  }
  const step = niceStep((high - low) / wanted, form)
  const first = Math.floor(low / step + 1e-9)
  const last = Math.max(first + 1, Math.ceil(high / step - 1e-9))
  const ticks = Array.from({ length: last - first + 1 }, (_, index) => exact((first + index) * step))
  return { low: ticks[0] ?? low, high: ticks.at(-1) ?? high, ticks }
}

/** The least round step that is at least so long. */
export function niceStep(atLeast: number, form: ValueForm): number {
  const steps = form.type === 'duration' ? durationSteps : form.type === 'time' ? timeSteps : null
  const round = steps?.find((step) => step >= atLeast)
  if (round !== undefined) return round
  const base = form.type === 'duration' ? hour : form.type === 'time' ? 60 : 1
  const step = decimalStep(atLeast / base) * base
  return isCounted(form) ? Math.max(1, Math.ceil(step)) : step
}

function decimalStep(atLeast: number): number {
  const power = 10 ** Math.floor(Math.log10(atLeast))
  const factor = [1, 2, 2.5, 5, 10].find((one) => one * power >= atLeast * (1 - 1e-9)) ?? 10
  return exact(factor * power)
}

function isCounted({ type, unit }: ValueForm): boolean {
  return type === 'number' && unit !== null && unit.startsWith('{') && unit !== '{score}'
}

function smallest({ type }: ValueForm): number {
  return type === 'duration' ? hour : type === 'time' ? 60 : 1
}

/** Drops what binary fractions add. */
function exact(value: number): number {
  return Number(value.toPrecision(12))
}
