import { zoneMinutes } from '../../person/day-totals.ts'
import type { DayTotals } from '../../person/day-totals.ts'
import { STATE } from '../../person/live-day.ts'
import type { TrueMinutes } from '../../person/live-day.ts'
import { BASAL_KCAL, exertion, heartZone, kilocalories, metres } from '../../person/minute-effort.ts'
import { round } from '../../person/vitals.ts'
import type { Area } from './scopes.ts'

/** One field's value. Points that were aggregated carry an empty map besides. */
export type Value = { readonly intVal: number } | { readonly fpVal: number }

export interface DataType {
  readonly name: string
  /** Which scope reads it. Distances are `location`, whoever walked them. */
  readonly area: Area
  readonly fields: readonly { readonly name: string; readonly format: 'integer' | 'floatPoint' }[]
  /** The data type of what aggregating it gives. */
  readonly aggregate: string
  /** A bucket's values; undefined where nothing was seen. Not for types of which each point stands alone. */
  readonly total?: (totals: DayTotals) => readonly Value[] | undefined
  /** A minute's value; undefined for a minute that has no point. */
  readonly minute?: (day: TrueMinutes, index: number) => Value | undefined
  /** Whether a minute's point is an instant of it and no stretch. */
  readonly instant?: boolean
}

const int = (value: number): Value => ({ intVal: value })
const float = (value: number): Value => ({ fpVal: value })
const whenWorn = ({ worn }: DayTotals, value: Value) => (worn > 0 ? [value] : undefined)
const isWorn = ({ state }: TrueMinutes, index: number) => state[index] !== STATE.notWorn
const walked = (day: TrueMinutes, index: number, value: (steps: number) => Value) => {
  const steps = day.steps[index] ?? 0
  return steps > 0 ? value(steps) : undefined
}

const integerField = (name: string) => [{ name, format: 'integer' }] as const
const floatField = (name: string) => [{ name, format: 'floatPoint' }] as const

export const STEPS: DataType = {
  name: 'com.google.step_count.delta',
  area: 'activity',
  fields: integerField('steps'),
  aggregate: 'com.google.step_count.delta',
  total: (totals) => whenWorn(totals, int(totals.steps)),
  minute: (day, index) => walked(day, index, int),
}

export const HEART_RATE: DataType = {
  name: 'com.google.heart_rate.bpm',
  area: 'heart_rate',
  fields: floatField('bpm'),
  aggregate: 'com.google.heart_rate.summary',
  total: ({ heart: { minutes, sum, min, max } }) =>
    minutes > 0 ? [float(sum / minutes), float(max), float(min)] : undefined,
  minute: ({ heart }, index) => (heart[index] ? float(heart[index]) : undefined),
  instant: true,
}

export const WEIGHT: DataType = {
  name: 'com.google.weight',
  area: 'body',
  fields: floatField('weight'),
  aggregate: 'com.google.weight.summary',
  instant: true,
}

export const SLEEP_SEGMENT: DataType = {
  name: 'com.google.sleep.segment',
  area: 'sleep',
  fields: integerField('sleep_segment_type'),
  aggregate: 'com.google.sleep.segment',
}

/** Source: developers.google.com/fit/datatypes, as its readers tell of it. */
export const dataTypes: readonly DataType[] = [
  STEPS,
  HEART_RATE,
  WEIGHT,
  SLEEP_SEGMENT,
  {
    name: 'com.google.distance.delta',
    area: 'location',
    fields: floatField('distance'),
    aggregate: 'com.google.distance.delta',
    total: (totals) => whenWorn(totals, float(round(totals.metres, 2))),
    minute: (day, index) => walked(day, index, (steps) => float(round(metres(steps), 2))),
  },
  {
    name: 'com.google.calories.expended',
    area: 'activity',
    fields: floatField('calories'),
    aggregate: 'com.google.calories.expended',
    total: (totals) => whenWorn(totals, float(totals.kilocalories)),
    minute: (day, index) =>
      float(isWorn(day, index) ? kilocalories(day.steps[index] ?? 0, day.heart[index] ?? 0) : BASAL_KCAL),
  },
  {
    name: 'com.google.active_minutes',
    area: 'activity',
    fields: integerField('duration'),
    aggregate: 'com.google.active_minutes',
    total: (totals) => whenWorn(totals, int(totals.fair + totals.very)),
    minute: (day, index) => (isActive(day, index) ? int(1) : undefined),
  },
  {
    name: 'com.google.heart_minutes',
    area: 'activity',
    fields: floatField('intensity'),
    aggregate: 'com.google.heart_minutes.summary',
    total(totals) {
      const { total } = zoneMinutes(totals)
      const duration = totals.zones.slice(1).reduce((sum, { minutes }) => sum + minutes, 0)
      return total > 0 ? [float(total), int(duration)] : undefined
    },
    minute({ heart }, index) {
      const zone = heartZone(heart[index] ?? 0)
      return zone > 0 ? float(zone > 1 ? 2 : 1) : undefined
    },
  },
]

export function findDataType(name: string): DataType | undefined {
  return dataTypes.find((type) => type.name === name)
}

function isActive({ state, steps, heart }: TrueMinutes, index: number): boolean {
  const effort = exertion(steps[index] ?? 0, heart[index] ?? 0)
  return state[index] === STATE.up && (effort === 'fair' || effort === 'very')
}
