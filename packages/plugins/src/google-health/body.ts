import { defineStream, isPlausible } from '@tributary/plugin-sdk'
import { z } from 'zod'
import { pageOf, readScope } from './api.ts'
import { civilTime, dayAfter, instant, utcOffset, wallClock } from './civil.ts'
import { fetchPoints } from './data-points.ts'

const gramsPerKilogram = 1000

/** When a sample was taken by the clock on the wall; where that is not written, it follows from the offset. */
const sampleTime = z
  .object({ physicalTime: instant, utcOffset, civilTime: civilTime.optional() })
  .transform((time) => time.civilTime ?? wallClock(time.physicalTime, time.utcOffset))

const page = pageOf(
  'dataPoints',
  z.union([
    z
      .object({ weight: z.object({ sampleTime, weightGrams: z.number() }) })
      .transform(({ weight: { sampleTime: at, weightGrams } }) => ({
        field: 'weight' as const,
        time: at,
        value: weightGrams / gramsPerKilogram,
      })),
    z
      .object({ bodyFat: z.object({ sampleTime, percentage: z.number() }) })
      .transform(({ bodyFat: { sampleTime: at, percentage } }) => ({
        field: 'bodyFat' as const,
        time: at,
        value: percentage,
      })),
  ]),
)

type Sample = z.infer<typeof page>[number]

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
  scopes: [readScope('health_metrics_and_measurements')],
  maxDaysPerRequest: 365,
  answers: 'window',
  schema: page,
  async *fetchData({ http, from, to }) {
    const days = { member: 'sample_time.civil_time', from, until: dayAfter(to) }
    for (const type of ['weight', 'body-fat'])
      yield* fetchPoints(http, { type, read: 'reconcile', ...days, pageSize: 1000 })
  },
  *mapData(pages) {
    const last = new Map<string, Sample>()
    for (const sample of pages.flat()) {
      const key = `${sample.field} ${sample.time.toPlainDate().toString()}`
      const other = last.get(key)
      if (!other || goesBefore(sample, other)) last.set(key, sample)
    }
    for (const { field, time, value } of last.values())
      yield { date: time.toPlainDate().toString(), fields: { [field]: value } }
  },
})
