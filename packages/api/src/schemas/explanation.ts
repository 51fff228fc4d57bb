import { z } from 'zod'
import { dayState } from './coverage.ts'
import { dailyValue, valueType } from './daily-values.ts'
import { day, moment } from './day.ts'
import { job, jobRejection } from './job.ts'

/** What a daily value was made of. */
export const basis = z.enum(['manual', 'daily-record', 'measurements', 'merged'])

const missing = z.object({
  reason: z.enum([
    'future',
    'not-entered',
    'split',
    'no-file',
    'not-connected',
    'stream-off',
    'not-granted',
    'failed',
    'never-asked',
    'not-due-yet',
    'had-none',
  ]),
  sentence: z.string(),
})

/** A job, as far as a value's explanation names it. */
const jobOf = job.pick({
  id: true,
  trigger: true,
  status: true,
  reason: true,
  createdAt: true,
  finishedAt: true,
})

const valueChange = z.object({ at: moment, from: dailyValue, to: dailyValue, job: jobOf.nullable() })

const kindSource = z.object({
  metric: z.string().describe('`SOURCE.FIELD`.'),
  source: z.string(),
  field: z.string(),
  value: dailyValue,
  counts: z.boolean().describe("Whether the kind's value is this one."),
  sentence: z.string().nullable().describe('Why it counts, or why it has no value.'),
})

const evidenceRecord = z
  .object({
    value: dailyValue,
    dimension: z.string(),
    origin: z.string().describe('The device or app; empty where the source does not say.'),
    file: z.string().nullable().describe('The upload that it came with.'),
    counts: z.boolean(),
  })
  .describe('What the source itself says of the day.')

const measurementsOfDay = z.object({
  count: z.int(),
  origins: z
    .array(
      z.object({
        origin: z.string(),
        file: z.string().nullable(),
        count: z.int(),
        first: moment.describe('The beginning of the first.'),
        last: moment.describe('The end of the last.'),
        value: z.number().describe('What the rule makes of them.'),
        counts: z.boolean(),
      }),
    )
    .describe('By device or app; the first one counts.'),
  page: z
    .array(z.object({ start: moment, end: moment, value: z.number(), origin: z.string() }))
    .describe('Some of them, oldest first.'),
  next: z.int().nullable().describe('The `offset` of the following ones; `null`: there are none.'),
})

const fetchOfDay = z.object({
  id: z.string(),
  from: day,
  to: day,
  zone: z.string().nullable().describe('The zone that its days were cut by.'),
  mappingVersion: z.int().nullable().describe("Of the plugin's mapping that read it."),
  coveredAt: moment,
  pages: z
    .array(z.object({ page: z.int(), receivedAt: moment }))
    .describe('Each can be read at `/api/raw-pages/FETCH/PAGE`.'),
  job: jobOf.nullable(),
  rejected: z.int().describe('How many of its records and values were rejected.'),
  rejections: z.array(jobRejection.omit({ stream: true })).describe('Some of them: those of the day first.'),
})

const streamOfDay = z.object({
  id: z.string(),
  name: z.string(),
  enabled: z.boolean(),
  granted: z.boolean(),
  state: dayState.nullable().describe('`null` for a file.'),
  fetch: fetchOfDay
    .nullable()
    .describe('The newest fetch of the day whose records are written; `null`: there is none.'),
})

const evidence = z.object({
  metric: z.string().describe('`SOURCE.FIELD`, or `manual.ID`.'),
  source: z
    .object({ id: z.string(), name: z.string() })
    .nullable()
    .describe('`null` for what is entered by hand alone.'),
  day: z
    .object({ rule: z.string(), belongsTo: z.enum(['start', 'end']), zone: z.string() })
    .nullable()
    .describe('How measurements become a day; `null` where the field has none.'),
  entry: z.object({ value: dailyValue, enteredAt: moment }).nullable(),
  records: z.array(evidenceRecord),
  measurements: measurementsOfDay.nullable().describe('`null`: there is none.'),
  streams: z.array(streamOfDay).describe('The streams that bring the field, or the files that did.'),
})

/** Where a daily value comes from, or why there is none. */
export const explanation = z
  .object({
    metric: z.string(),
    date: day,
    name: z.string().describe("The field's or entry's name; a kind's id."),
    type: valueType,
    unit: z.string().nullable(),
    value: dailyValue,
    basis: basis.nullable().describe('`null`: there is no value.'),
    rule: z.array(z.string()).describe('The rule by which it was made, in sentences.'),
    missing: missing.nullable().describe('`null` where there is a value.'),
    change: valueChange.nullable().describe('When it last became another value; `null` where there is none.'),
    sources: z.array(kindSource).describe('For a kind: what each source says, in the order of preference.'),
    evidence: evidence
      .nullable()
      .describe("What the field's value was made of; for a kind, that of the field which counts."),
  })
  .meta({ id: 'Explanation' })

export type Basis = z.infer<typeof basis>
export type Missing = z.infer<typeof missing>
export type JobOf = z.infer<typeof jobOf>
export type ValueChange = z.infer<typeof valueChange>
export type KindSource = z.infer<typeof kindSource>
export type EvidenceRecord = z.infer<typeof evidenceRecord>
export type MeasurementsOfDay = z.infer<typeof measurementsOfDay>
export type FetchOfDay = z.infer<typeof fetchOfDay>
export type StreamOfDay = z.infer<typeof streamOfDay>
export type Evidence = z.infer<typeof evidence>
export type Explanation = z.infer<typeof explanation>
