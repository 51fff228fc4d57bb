import type { Sleep, Stage } from '../../person/night.ts'
import { addDays, dateOf, eachDate } from '../../person/local-day.ts'
import { uploadOf } from '../../person/uploaded.ts'
import type { Uploaded } from '../../person/uploaded.ts'
import type { DataType, Value } from './data-types.ts'

/** A point of a stream. Seconds from the epoch. */
export interface Point {
  readonly start: number
  readonly end: number
  readonly values: readonly Value[]
}

const SLEEP_TYPES: Record<Stage, number> = { wake: 1, light: 4, deep: 5, rem: 6 }
/** Of a sleep without stages. */
const ASLEEP = 2
/** An instant within its minute, so that it is no minute's boundary. */
const INSTANT = 20

/** The points of a type that touch the stretch from one second to another, by their end. */
export function pointsOf(type: DataType, uploaded: Uploaded, from: number, to: number): Point[] {
  const [firstMinute, lastMinute] = [Math.floor(from / 60) - 1, Math.floor(to / 60) + 1]
  const points = type.minute
    ? minutePoints(type, uploaded, firstMinute, lastMinute)
    : type.instant
      ? weights(uploaded, firstMinute, lastMinute)
      : sleepsBetween(uploaded, firstMinute, lastMinute).flatMap(segments)
  return points.filter(({ start, end }) => start <= to && end >= from)
}

/** The sleeps, naps among them, that touch the minutes. */
export function sleepsBetween(uploaded: Uploaded, from: number, to: number): Sleep[] {
  const dates = datesBetween(uploaded, from, to)
  return dates.flatMap((date) => uploaded.sleeps(date)).filter(({ start, end }) => start < to && end > from)
}

/** The person's days that the minutes touch, and the one after, on which a night may end. */
export function datesBetween({ person, until }: Uploaded, from: number, to: number): string[] {
  const last = addDays(dateOf(Math.min(to, until), person.zone), 1)
  return [...eachDate(dateOf(Math.max(from, 0), person.zone), last)]
}

/** When the stream learned of the point: at the upload after it. Milliseconds. */
export function modifiedAt({ end }: Point, { person }: Uploaded): number {
  return uploadOf(Math.ceil(end / 60), person.zone) * 60_000
}

function minutePoints({ minute, instant }: DataType, uploaded: Uploaded, from: number, to: number): Point[] {
  const points: Point[] = []
  const worn = uploaded.slices(from, to).filter(({ day }) => uploaded.person.wears(day.date))
  for (const { day, first, last } of worn) {
    for (let index = first; index < last; index++) {
      const value = minute?.(day, index)
      if (!value) continue
      const start = (day.start + index) * 60
      points.push(
        instant
          ? { start: start + INSTANT, end: start + INSTANT, values: [value] }
          : { start, end: start + 60, values: [value] },
      )
    }
  }
  return points
}

function weights(uploaded: Uploaded, from: number, to: number): Point[] {
  return datesBetween(uploaded, from, to).flatMap((date) => {
    const weighIn = uploaded.weighIn(date)
    if (!weighIn) return []
    const at = weighIn.minute * 60
    return [{ start: at, end: at, values: [{ fpVal: weighIn.weight }] }]
  })
}

function segments(sleep: Sleep): Point[] {
  let start = sleep.start * 60
  return sleep.stages.map(({ stage, minutes }) => {
    const end = start + minutes * 60
    const staged = sleep.kind === 'night' || stage === 'wake'
    const point = { start, end, values: [{ intVal: staged ? SLEEP_TYPES[stage] : ASLEEP }] }
    start = end
    return point
  })
}
