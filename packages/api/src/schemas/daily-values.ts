import { z } from 'zod'
import { type Kind, kindNames } from '../kind-names.ts'
import { day } from './day.ts'

export const dailyValue = z
  .union([z.number(), z.string(), z.null()])
  .describe('A number (in its unit, seconds, or minutes from midnight) or a text; `null`: there is no value.')

export const fieldType = z
  .enum(['number', 'duration', 'time', 'text'])
  .describe(
    '`number`: in its unit; `duration`: seconds; `time`: minutes from the midnight of the day, negative for the evening before; `text`.',
  )

export const kind = z
  .enum(Object.keys(kindNames) as [Kind, ...Kind[]])
  .nullable()
  .describe('The kind under which it is merged over sources; `null`: it is not.')

/** As `fieldType`, for what is entered by hand too. */
export const valueType = z
  .enum(['number', 'duration', 'time', 'text', 'yes-no'])
  .describe(
    '`number`: in its unit; `duration`: seconds; `time`: minutes from the midnight of the day, negative for the evening before; `yes-no`: 1 or 0; `text`.',
  )

/** A value that is not final. */
export const incompleteValue = z
  .object({
    date: day,
    metric: z.string(),
    reason: z
      .enum(['day-not-over', 'source-at-work'])
      .describe(
        '`day-not-over`: its day is today or later, and the value can still change; `source-at-work`: the source had not finished the day when it was last requested, or the value adds up over yesterday and the source has nothing of today yet.',
      ),
  })
  .meta({ id: 'IncompleteValue' })

/** The values of a day. */
export const dailyValues = z.object({
  date: day,
  values: z.record(z.string(), dailyValue),
  sources: z
    .record(z.string(), z.string())
    .exactOptional()
    .describe(
      'The id of the source that each merged value, `metric.KIND`, is of; left out where there is none.',
    ),
})

/** What the values of a metric mean. */
export const metricForm = z
  .object({
    name: z.string().describe('What people call it.'),
    type: valueType,
    unit: z
      .string()
      .nullable()
      .describe(
        'UCUM, e.g. `{steps}`, `km`, `/min`; `s` for a duration, `min` for a time of day; `null`: none.',
      ),
    kind,
  })
  .meta({ id: 'MetricForm' })

export type DailyValue = z.infer<typeof dailyValue>
export type IncompleteValue = z.infer<typeof incompleteValue>
export type DailyValues = z.infer<typeof dailyValues>
export type MetricForm = z.infer<typeof metricForm>
