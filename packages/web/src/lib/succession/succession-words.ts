import { addDays } from '../days.ts'
import { nearDay, plainDay } from '../values/describe-day.ts'
import { valueText, type ValueForm } from '../values/format-value.ts'
import type { NamedComparison, NamedSeam } from './name-succession.ts'

/** A seam at its line in a chart, e.g. `Fitbit → Google Health on 3 Nov`. */
export const seamLabel = ({ day, from, to }: NamedSeam): string => `${from} → ${to} on ${nearDay(day)}`

/** A seam in a sentence of its own. */
export const seamSentence = ({ day, from, to }: NamedSeam): string =>
  `${from} gives the values until ${plainDay(addDays(day, -1))}, ${to} from then on.`

/** How far two sources agree, in a sentence or two. */
export function overlapSentence(comparison: NamedComparison, form: ValueForm): string {
  const { one, other, count, meanDifference, meanPercent, largest } = comparison
  const days = count === 1 ? '1 day' : `${count.toLocaleString('en')} days`
  if (largest.length === 0)
    return `Identical on ${count === 1 ? 'the only day' : `all ${days}`} that both report.`
  const size = meanPercent === null ? sizeText(meanDifference, form) : percentText(meanPercent)
  const [less, more] = form.type === 'time' ? ['earlier', 'later'] : ['lower', 'higher']
  const average = isNothing(size)
    ? `on average ${one.label} and ${other.label} are alike`
    : `${other.label} is ${size} ${meanDifference < 0 ? less : more} on average`
  return `On ${days} both report: ${average}. ${spread(comparison, form)}`
}

function spread(
  { count, meanAbsoluteDifference, meanAbsolutePercent }: NamedComparison,
  form: ValueForm,
): string {
  const size = sizeText(meanAbsoluteDifference, form)
  const share = meanAbsolutePercent === null ? '' : ` (${percentText(meanAbsolutePercent)})`
  return count === 1
    ? `They are ${size}${share} apart.`
    : `A day by itself is ${size}${share} apart on average.`
}

/** A difference with its sign, in the unit of the values: `+120`; of times of day as a duration. */
export function differenceText(difference: number, form: ValueForm): string {
  return `${difference < 0 ? '−' : '+'}${sizeText(difference, form, false)}`
}

function sizeText(difference: number, form: ValueForm, withUnit = true): string {
  const size = Math.abs(difference)
  if (form.type === 'time') return valueText(size * 60, { ...form, type: 'duration' }) ?? ''
  return valueText(size, form, withUnit) ?? ''
}

function percentText(percent: number): string {
  const size = Math.abs(percent)
  return `${size.toLocaleString('en', { maximumFractionDigits: size >= 10 ? 0 : 1 })}\u00a0%`
}

function isNothing(size: string): boolean {
  return !/[1-9]/.test(size)
}
