import { type Answer, defineStream, type HttpClient, type Stream } from '@tributary/plugin-sdk'
import { z } from 'zod'
import { inAnswers, me, pageOf } from './api.ts'
import { civilDate, dayAfter, toCivil } from './civil.ts'

/** The values of one day by field, read from what stands under a data type's name. */
export type ReadFields = z.ZodType<Record<string, number | undefined>>

/**
 * Declares a stream of daily records from `dataPoints:dailyRollUp`: one truth out of all of the person's devices and apps,
 * by the days of the person's own clock. Days of which nothing is known are left out, or come without a value.
 *
 * "The maximum range for calories-in-heart-rate-zone, heart-rate, active-minutes and total-calories is 14 days. The maximum
 * range for all other data types is 90 days" (spec, DailyRollUpDataPointsRequest); without a page size a page holds 90.
 */
export function dailyRollUpStream({
  types,
  ...stream
}: Pick<Stream, 'name' | 'fields' | 'scopes'> & {
  maxDaysPerRequest: 14 | 90
  /** By data type, as the address writes it. */
  types: Record<string, ReadFields>
}): Stream {
  const page = pageOf(
    'rollupDataPoints',
    z.union([...Object.entries(types).map(([id, read]) => windowOf(id, read)), emptyWindow]),
  )
  return defineStream<z.infer<typeof page>>({
    ...stream,
    answers: 'window',
    schema: page,
    async *fetchData({ http, from, to }) {
      for (const type of Object.keys(types)) yield* rollUp(http, type, from, to)
    },
    *mapData(pages) {
      yield* pages.flat()
    },
  })
}

async function* rollUp(http: HttpClient, type: string, from: string, to: string): AsyncIterable<Answer> {
  const range = { start: toCivil(from), end: toCivil(dayAfter(to)) }
  let pageToken: string | undefined
  do {
    const answer = await http.post(`${me}/dataTypes/${type}/dataPoints:dailyRollUp`, {
      body: { range, windowSizeDays: 1, ...(pageToken ? { pageToken } : {}) },
    })
    yield answer
    pageToken = answer.nextPageToken || undefined
  } while (pageToken)
}

const civilStartTime = z.object({ date: civilDate })

function windowOf(type: string, read: ReadFields) {
  const name = inAnswers(type)
  return z.intersection(
    z.object({ civilStartTime }).transform(({ civilStartTime: { date } }) => ({ date })),
    z.object({ [name]: z.union([read, nothing]) }).transform((point) => ({ fields: point[name] ?? {} })),
  )
}

/** Nothing under a data type's name is no value, and takes none from the other days; other than expected is an error. */
const nothing: ReadFields = z.strictObject({}).transform(() => ({}))

const emptyWindow = z
  .strictObject({ civilStartTime, civilEndTime: z.unknown().optional() })
  .transform(({ civilStartTime: { date } }) => ({ date, fields: {} }))
