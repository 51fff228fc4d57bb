import type { DailyValue } from '@tributary/engine'
import type { NamedSeam } from '../succession/name-succession.ts'
import { type DrawnSeam, placeSeams } from '../succession/place-seams.ts'
import { seamSentence } from '../succession/succession-words.ts'
import type { ValueForm } from '../values/format-value.ts'
import { chartLook } from './chart-look.ts'
import { describeChart } from './chart-words.ts'
import { placePoints, type Point } from './line-path.ts'
import { niceScale, type Scale } from './nice-ticks.ts'
import { cutSlots, type Slot, slotCounts, slotValues } from './slots.ts'
import { summarize } from './summarize.ts'

/** A series as it is drawn. */
export interface DrawnSeries {
  name: string
  label: string
  shape: 'bars' | 'line'
  /** One value per slot. */
  values: (number | null)[]
  /** How many days of each slot have a value. */
  counts: number[]
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
  series: { name: string; label: string; values: DailyValue[] }[],
  seams: NamedSeam[] = [],
): ChartModel | null {
  const wanted = chartLook(form)
  const slotted = series.map(({ values }) => slotValues(values))
  const numbers = slotted.flat().filter((value) => value !== null)
  if (wanted === 'none' || numbers.length === 0) return null
  const look = numbers.some((value) => value < 0) ? 'line' : wanted
  const scale = niceScale(numbers, form, look === 'bars')
  const slots = cutSlots(days)
  const drawn = placeSeams(seams, slots)
  const told = seams.filter(({ day }) => drawn.some((seam) => seam.day === day)).map(seamSentence)
  return {
    slots,
    scale,
    series: series.map(({ name, label, values }, position) => ({
      name,
      label,
      shape: position === 0 ? look : 'line',
      values: slotted[position] ?? [],
      counts: slotCounts(values),
      points: placePoints(slotted[position] ?? [], scale),
    })),
    seams: drawn,
    description: [
      describeChart(look, title, slots, summarize(days, series[0]?.values ?? []), form),
      ...told,
    ].join(' '),
  }
}
