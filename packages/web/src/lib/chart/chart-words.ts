import { dayRange, longDay, plainDay } from '../values/describe-day.ts'
import { valueText, type ValueForm } from '../values/format-value.ts'
import type { Slot, SlotValue } from './slots.ts'
import type { Summary } from './summarize.ts'

/** A mean in words; of yes and no it is a share. */
export function meanText(value: number | null, form: ValueForm): string {
  if (value === null) return 'none'
  if (form.type === 'yes-no') return `${Math.round(value * 100)} % yes`
  return valueText(value, form) ?? 'none'
}

/** What the ends of a range of values are called. */
export function endNames({ type }: ValueForm): [low: string, high: string] {
  return type === 'time' ? ['Earliest', 'Latest'] : ['Lowest', 'Highest']
}

/** Names a slot: its day, or its week. */
export function slotName({ from, to }: Slot): string {
  return from === to ? longDay(from) : `${dayRange(from, to)}, mean of the days`
}

/** A slot's value in words, e.g. `8,421 steps`, `188 steps so far`, or of a week `8,120 steps (6 of 7 days)`. */
export function slotText({ value, days, soFar }: SlotValue, slot: Slot, form: ValueForm): string {
  if (value === null) return 'no value'
  if (slot.from === slot.to) return `${valueText(value, form) ?? 'no value'}${soFar ? ' so far' : ''}`
  const counted = days < 7 ? ` (${days} of 7 days)` : ''
  return meanText(value, form) + counted
}

/** Says what a chart shows to those who do not see it. */
export function describeChart(
  look: 'bars' | 'line',
  label: string,
  slots: Slot[],
  summary: Summary,
  form: ValueForm,
): string {
  const from = slots[0]?.from ?? ''
  const to = slots.at(-1)?.to ?? ''
  const shape = look === 'bars' ? 'Bar chart' : 'Line chart'
  const weekly = slots.some((slot) => slot.from !== slot.to) ? ', a point for the mean of each week' : ''
  const [low, high] = endNames(form).map((name) => name.toLowerCase())
  const missing =
    summary.without === 0
      ? ''
      : ` ${summary.without} ${summary.without === 1 ? 'day has' : 'days have'} no value.`
  const what =
    summary.mean === null || summary.lowest === null || summary.highest === null
      ? `No ${summary.soFar > 0 ? 'finished ' : ''}day has a value.`
      : form.type === 'yes-no'
        ? `${meanText(summary.mean, form)} of ${summary.counted} ${summary.counted === 1 ? 'day' : 'days'}.${missing}`
        : `Average ${meanText(summary.mean, form)}, ${low} ${valueText(summary.lowest.value, form)} on ${plainDay(summary.lowest.day)}, ${high} ${valueText(summary.highest.value, form)} on ${plainDay(summary.highest.day)}.${missing}`
  return `${shape} of ${label}, ${dayRange(from, to)}${weekly}. ${what}`
}
