import { defineStream, isPlausible } from '@tributary/plugin-sdk'
import { z } from 'zod'
import { splitRejected, withDates } from '../records-of.ts'
import { pageOf, readScope } from './api.ts'
import { civilTime, dayAfter, instant, utcOffset, wallClock, zoneClock } from './civil.ts'
import { fetchPoints } from './data-points.ts'

const gramsPerKilogram = 1000

/**
 * When a sample was taken, and by the clock on the wall, where that is told: Google's civil time, else by the offset. Samples
 * that other apps brought may have neither.
 */
const sampleTime = z
  .object({ physicalTime: instant, utcOffset: utcOffset.optional(), civilTime: civilTime.optional() })
  .transform(({ physicalTime: at, utcOffset: offset, civilTime: civil }) => ({
    at,
    local: civil ?? (offset === undefined ? undefined : wallClock(at, offset)),
  }))

const point = z
  .object({
    weight: z.object({ sampleTime, weightGrams: z.number() }).optional(),
    bodyFat: z.object({ sampleTime, percentage: z.number() }).optional(),
  })
  .transform(({ weight, bodyFat }) => {
    if (weight)
      return {
        field: 'weight' as const,
        time: weight.sampleTime,
        value: weight.weightGrams / gramsPerKilogram,
      }
    return bodyFat && { field: 'bodyFat' as const, time: bodyFat.sampleTime, value: bodyFat.percentage }
  })
  .pipe(z.custom<Sampled>((sample) => sample !== undefined, { error: 'It has neither weight nor body fat.' }))

const page = pageOf('dataPoints', point)

interface Sampled {
  field: 'weight' | 'bodyFat'
  time: z.infer<typeof sampleTime>
  value: number
}

type Sample = Omit<Sampled, 'time'> & { time: Temporal.PlainDateTime }

function localTime({ at, local }: z.infer<typeof sampleTime>, zone: string): Temporal.PlainDateTime {
  return local ?? zoneClock(at, zone)
}

/** The day of a sample that could not be read; it throws where its instant is the reason. */
function dayOf(time: { physicalTime: unknown }, zone: string): string {
  const { data = { at: instant.parse(time.physicalTime), local: undefined } } = sampleTime.safeParse(time)
  return localTime(data, zone).toPlainDate().toString()
}

const kindOf = { weight: 'weight', bodyFat: 'body-fat' } as const

/** Whether a sample counts for its day before another: a plausible one does, else the later one. */
function goesBefore(one: Sample, other: Sample): boolean {
  const [plausible, otherPlausible] = [one, other].map(({ field, value }) =>
    isPlausible(kindOf[field], value),
  )
  if (plausible !== otherPlausible) return plausible === true
  return Temporal.PlainDateTime.compare(one.time, other.time) > 0
}

/**
 * Weighings, of which the last plausible one of each day by the clock on the wall counts: weight in kg, fat in percent. Of a
 * day without a plausible one the last is returned, to be rejected with its reason.
 */
export const body = defineStream<z.infer<typeof page>>({
  name: 'Weight and body fat',
  fields: ['weight', 'bodyFat'],
  dataTypes: {
    weight: { fields: ['weight'] },
    'body-fat': { name: 'body fat', fields: ['bodyFat'] },
  },
  scopes: [readScope('health_metrics_and_measurements')],
  maxDaysPerRequest: 365,
  answers: 'window',
  schema: page,
  fetchData({ http, dataType: type, from, to }) {
    const days = { member: 'sample_time.civil_time', from, until: dayAfter(to) }
    return fetchPoints(http, { type, read: 'reconcile', ...days, pageSize: 1000 })
  },
  *mapData(pages, { zone }) {
    const { records, rejected } = splitRejected(pages.flat())
    for (const one of rejected)
      yield withDates(one, ({ weight, bodyFat }) => [dayOf((weight ?? bodyFat).sampleTime, zone)])
    const last = new Map<string, Sample>()
    for (const { time, ...value } of records) {
      const sample = { ...value, time: localTime(time, zone) }
      const key = `${sample.field} ${sample.time.toPlainDate().toString()}`
      const other = last.get(key)
      if (!other || goesBefore(sample, other)) last.set(key, sample)
    }
    for (const { field, time, value } of last.values())
      yield { date: time.toPlainDate().toString(), fields: { [field]: value } }
  },
})
