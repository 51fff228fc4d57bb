import { z } from 'zod'
import { dailyValue } from './daily-values.ts'
import { day, moment } from './day.ts'

/** Why a daily value changed. */
export const changeCause = z
  .enum(['import', 'file', 'remap', 'manual', 'time-zone', 'order', 'account', 'removed'])
  .describe(
    'An import or a file brought it, a remap, an entry by hand; another time zone, order of sources or connected account; or what it came from was removed.',
  )

/** A daily value that became another one, was deleted, or came back. A value that never was there before is no change. */
export const metricChange = z
  .object({
    metric: z.string().describe('`SOURCE.FIELD`, `metric.KIND`, or `manual.ID`.'),
    date: day,
    before: dailyValue.describe('`null`: it had been deleted.'),
    after: dailyValue.describe('`null`: it was deleted.'),
    cause: changeCause,
    jobId: z.string().nullable().describe('The job that made the change, `null` where none did.'),
    at: moment.describe('When it was made: never before the change that stands before it in the list.'),
  })
  .meta({ id: 'MetricChange' })

/** The days of a metric whose values changed together. */
const changedDays = z.object({
  metric: z.string(),
  from: day,
  to: day,
  count: z.int().describe('How many days they are.'),
})

/** Daily values that changed, appeared or were deleted in one transaction. */
export const valuesChanged = z
  .object({
    cause: changeCause,
    jobId: z.string().nullable().describe('The job that brought them; `null`: none did.'),
    metrics: z.array(changedDays),
  })
  .meta({ id: 'ValuesChanged' })

export type ChangeCause = z.infer<typeof changeCause>
export type MetricChange = z.infer<typeof metricChange>
export type ChangedDays = z.infer<typeof changedDays>
export type ValuesChanged = z.infer<typeof valuesChanged>
