import { placeNear } from '@tributary/engine/time-of-day'
import type { NamedSeam } from '../succession/name-succession.ts'
import { type DrawnSeam, placeSeams } from '../succession/place-seams.ts'
import { seamSentence } from '../succession/succession-words.ts'
import type { ValueForm } from '../values/format-value.ts'
import { type DayValues, finalNumbers } from '../values/so-far.ts'
import { chartLook } from './chart-look.ts'
import { describeChart } from './chart-words.ts'
import { placePoints, type Point } from './line-path.ts'
import { niceScale, type Scale } from './nice-ticks.ts'
import { cutSlots, type Slot, type SlotValue, slotValues } from './slots.ts'
import { summarize } from './summarize.ts'

/** A series as it is drawn. */
export interface DrawnSeries {
  name: string
  label: string
  shape: 'bars' | 'line'
  /** One per slot. */
  slots: SlotValue[]
  points: Point[]
}

/** All that a chart draws. */
export interface ChartModel {
  slots: Slot[]
  scale: Scale
  series: DrawnSeries[]
  /** Where the metric itself goes over to another source. */
  seams: DrawnSeam[]
  description: string
}

/** Makes a chart of days and series, the metric itself first; `null` where no number is to be drawn. */
export function chartModel(
  title: string,
  form: ValueForm,
  days: string[],
  series: ({ name: string; label: string } & DayValues)[],
  seams: NamedSeam[] = [],
): ChartModel | null {
  const wanted = chartLook(form)
  // Times around midnight are drawn beside each other.
  const place = form.type === 'time' ? placeNear(series.flatMap(finalNumbers)) : (value: number) => value
  const slotted = series.map((one) =>
    slotValues(one, form).map((slot) => ({ ...slot, value: slot.value === null ? null : place(slot.value) })),
  )
  const numbers = slotted.flat().flatMap(({ value }) => value ?? [])
  if (wanted === 'none' || numbers.length === 0) return null
  const look = numbers.some((value) => value < 0) ? 'line' : wanted
  const scale = niceScale(numbers, form, look === 'bars')
  const slots = cutSlots(days)
  const drawn = placeSeams(seams, slots)
  const told = seams.filter(({ day }) => drawn.some((seam) => seam.day === day)).map(seamSentence)
  return {
    slots,
    scale,
    series: series.map(({ name, label }, position) => {
      const slots = slotted[position] ?? []
      const points = placePoints(
        slots.map(({ value }) => value),
        scale,
      )
      return { name, label, shape: position === 0 ? look : 'line', slots, points }
    }),
    seams: drawn,
    description: [
      describeChart(look, title, slots, summarize(days, series[0] ?? { values: [], soFar: [] }, form), form),
      ...told,
    ].join(' '),
  }
}
