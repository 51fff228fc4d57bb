import {
  type Answer,
  type DailyRecord,
  defineStream,
  type HttpClient,
  type RejectedRecord,
  type Stream,
} from '@tributary/plugin-sdk'
import { z } from 'zod'
import { inAnswers, me, pageOf } from './api.ts'
import { civilDate, dayAfter, toCivil } from './civil.ts'
import { type DayType, declareTypes, fieldsIn, typeOf } from './day-type.ts'

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
}: Pick<Stream, 'name' | 'scopes'> & {
  maxDaysPerRequest: 14 | 90
  /** By data type, as the address writes it. */
  types: Record<string, DayType>
}): Stream {
  return defineStream<(DailyRecord | RejectedRecord)[]>({
    ...stream,
    ...declareTypes(types),
    answers: 'window',
    schema: pageOf('rollupDataPoints', windowOf(types), ({ civilStartTime }) => [
      civilDate.parse(civilStartTime.date),
    ]),
    fetchData: ({ http, dataType, from, to }) => rollUp(http, typeOf(types, dataType), from, to),
    *mapData(pages) {
      for (const page of pages) yield* page
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

const times = { civilStartTime: z.object({ date: civilDate }), civilEndTime: z.unknown().optional() }

/** A window without a member has no value; one with an unknown member in place of its data type cannot be read. */
function windowOf(types: Record<string, DayType>): z.ZodType<DailyRecord> {
  const members = Object.entries(types).map(([id, { read }]) => [inAnswers(id), read.optional()])
  const names = [...Object.keys(times), ...members.map(([name]) => name)]
  return z
    .looseObject({ ...times, ...(Object.fromEntries(members) as Record<string, z.ZodType>) })
    .refine(
      (window) =>
        members.some(([name]) => String(name) in window) ||
        Object.keys(window).every((name) => names.includes(name)),
      {
        error: 'It has no member of its data type.',
      },
    )
    .transform((window) => ({ date: window.civilStartTime.date, fields: fieldsIn(window, types) }))
}
