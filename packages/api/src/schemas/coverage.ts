import { z } from 'zod'
import { day } from './day.ts'
import { job, jobCounts } from './job.ts'

export const coverageState = z.enum(['has-data', 'had-none', 'not-due-yet', 'failed'])

/** What is known of a stream's day; `never-asked`: nothing. */
export const dayState = z.enum([...coverageState.options, 'never-asked'])

const days = z.object({ from: day, to: day })

const stream = { id: z.string(), name: z.string(), enabled: z.boolean(), granted: z.boolean() }

const streamCoverage = z.object({
  ...stream,
  days: z
    .object({
      'has-data': z.array(days),
      'had-none': z.array(days),
      'not-due-yet': z.array(days),
      failed: z.array(days),
      'never-asked': z.array(days),
    } satisfies Record<z.infer<typeof dayState>, unknown>)
    .describe(
      'By state, oldest first. A day that lies in none lies before the history that is requested, or in the future.',
    ),
})

/** What is known of a source's days. */
export const coverage = z
  .object({ plugin: z.string(), ...days.shape, streams: z.array(streamCoverage) })
  .meta({ id: 'Coverage' })

/** What a stream has. */
export const streamSummary = z.object({
  ...stream,
  first: day.nullable().describe('The first day with data; `null`: there is none.'),
  last: day.nullable(),
  lastJob: job
    .pick({ id: true, trigger: true, status: true, createdAt: true })
    .extend({ counts: jobCounts })
    .nullable()
    .describe('The newest job that did something for it.'),
})

export type CoverageState = z.infer<typeof coverageState>
export type DayState = z.infer<typeof dayState>
export type Days = z.infer<typeof days>
export type Coverage = z.infer<typeof coverage>
export type StreamCoverage = z.infer<typeof streamCoverage>
export type StreamSummary = z.infer<typeof streamSummary>
