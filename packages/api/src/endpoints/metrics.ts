import { z } from 'zod'
import { isDay } from '../civil-day.ts'
import { bytes, endpoint, importing, json, reading, stream, writing } from '../endpoint.ts'
import { succession } from '../schemas/comparison.ts'
import { dailyValue, dailyValues, incompleteValue, metricForm } from '../schemas/daily-values.ts'
import { checkRange, day, daySchema, range } from '../schemas/day.ts'
import { explanation } from '../schemas/explanation.ts'
import { metricName } from '../schemas/metric-name.ts'
import { limit } from '../schemas/paging.ts'
import { bodyMessage, success } from '../schemas/success.ts'
import { metricChange } from '../schemas/value-changes.ts'

/** As many as a template has. */
const mostMetrics = 100
const kindMessage = 'must be the name of a kind such as metric.steps'
const splitMessage = 'must be a name such as wakatime.codingTimeByProject'

const metricNames = z
  .string()
  .transform((names) => names.split(','))
  .pipe(
    z
      .array(
        z
          .string()
          .regex(
            /^[\w-]+\.[\p{L}\p{M}\p{N}_-]+$/u,
            'must be names such as fitbit.steps, with commas between',
          ),
      )
      .max(mostMetrics, `must be at most ${mostMetrics} names; send several requests`),
  )

const isMoment = (text: string) =>
  z.iso.datetime({ offset: true }).safeParse(text).success && isDay(text.slice(0, 10))

function isChangePlace(text: string): boolean {
  const [at = '', id = '', ...others] = text.split('_')
  return isMoment(at) && /^\d{1,18}$/.test(id) && others.length === 0
}

export const metricEndpoints = {
  readDailyValues: endpoint({
    method: 'GET',
    path: '/api/metrics/daily',
    ...reading,
    summary: 'The daily values of a range of days',
    query: z
      .strictObject({
        ...range,
        metrics: metricNames
          .describe(`At most ${mostMetrics} names with commas between; default: all that have values.`)
          .optional(),
      })
      .check(checkRange),
    answer: stream(
      z.object({
        days: z.array(dailyValues).describe('Every day of the range, oldest first.'),
        metrics: z
          .record(z.string(), metricForm)
          .describe('What the values of each metric mean; a name that is unknown is left out.'),
        incomplete: z.array(incompleteValue).describe('The values that are not final.'),
      }),
    ),
    problems: ['too-many-requests'],
  }),
  readSplitValues: endpoint({
    method: 'GET',
    path: '/api/metrics/split',
    ...reading,
    summary: 'The parts of a field that is split by a dimension, day by day',
    query: z
      .strictObject({ metric: z.string(splitMessage).regex(/^[\w-]+\.[\w-]+$/, splitMessage), ...range })
      .check(checkRange),
    answer: json(
      z.object({
        days: z
          .array(z.object({ date: day, values: z.record(z.string(), dailyValue) }))
          .describe('The days that have values, with each part by its name.'),
        incomplete: z.array(incompleteValue),
      }),
    ),
  }),
  listChanges: endpoint({
    method: 'GET',
    path: '/api/metrics/changes',
    ...reading,
    summary: 'How daily values changed after they were first there, the oldest change first',
    query: z.strictObject({
      since: z
        .union(
          [daySchema, z.string().refine(isMoment)],
          'must be a moment such as 2026-11-21T12:00:00Z, or a day',
        )
        .describe("Only changes of this moment and later ones; a day begins in the user's time zone.")
        .optional(),
      metric: metricName.optional(),
      after: z
        .string()
        .refine(isChangePlace, 'must be the "next" of a page')
        .describe('The `next` of the part before.')
        .optional(),
      limit: limit.describe('How many at most; default 200.').optional(),
    }),
    answer: json(
      z.object({
        changes: z.array(metricChange),
        next: z.string().nullable().describe('`after` of the next part; `null`: there is none.'),
      }),
    ),
  }),
  compareSources: endpoint({
    method: 'GET',
    path: '/api/metrics/compare',
    ...reading,
    summary: 'How the sources of a kind follow each other, and how far they agree',
    description: 'Only days whose values are final are compared.',
    query: z
      .strictObject({ metric: z.string(kindMessage).regex(/^metric\.[\w-]+$/, kindMessage), ...range })
      .check(checkRange),
    answer: json(succession),
    problems: ['unknown-metric'],
  }),
  explainValue: endpoint({
    method: 'GET',
    path: '/api/metrics/explain',
    ...reading,
    summary: 'Where a value of a day comes from, or why there is none',
    query: z.strictObject({
      metric: metricName,
      date: daySchema,
      offset: z
        .string()
        .regex(/^\d{1,9}$/, 'must be a whole number from 0')
        .transform(Number)
        .describe('Where the page of measurements begins.')
        .optional(),
    }),
    answer: json(explanation),
    problems: ['unknown-metric'],
  }),
  lookAtDay: endpoint({
    method: 'POST',
    path: '/api/metrics/look',
    ...importing,
    summary: 'Request the import of a day that was never fetched',
    body: z.strictObject({ date: daySchema }, bodyMessage),
    answer: json(
      z.object({ onTheWay: z.array(z.string()).describe('The ids of the sources that are being fetched.') }),
    ),
  }),
  enterValue: endpoint({
    method: 'PUT',
    path: '/api/metrics/manual',
    ...writing,
    summary: "Enter a value by hand, or remove it; it counts before a source's own",
    body: z.strictObject(
      {
        metric: z.string('must be the name of a metric, such as manual.ID'),
        date: daySchema,
        value: z
          .union(
            [z.number(), z.string(), z.null()],
            'must be a number or a text, or null to take the value back',
          )
          .describe(
            'As it is stored: durations in seconds, times in minutes from midnight, yes-no as 1 or 0.',
          ),
      },
      bodyMessage,
    ),
    answer: json(success),
    problems: ['unknown-metric', 'bad-value', 'bad-day', 'implausible-value'],
  }),
  readRawPage: endpoint({
    method: 'GET',
    path: '/api/raw-pages/{fetch}/{page}',
    ...reading,
    summary: 'A response of a source as it came',
    params: z.object({ fetch: z.string(), page: z.string().regex(/^\d{1,9}$/) }),
    answer: bytes('application/json', 'text/plain', 'application/octet-stream'),
    problems: ['unknown-page'],
  }),
}
