import { z } from 'zod'
import { day, moment } from './day.ts'

export const jobStatus = z.enum([
  'queued',
  'running',
  'waiting',
  'retrying',
  'succeeded',
  'partial',
  'failed',
  'cancelled',
])

export const jobTrigger = z.enum(['connect', 'manual', 'schedule', 'history', 'view', 'upload', 'push'])

/** Who can do something about a problem. */
export const problemOwner = z
  .enum(['person', 'admin', 'source', 'plugin'])
  .describe(
    "Who can do something about it: the person whose job it is, an admin here, the source, or the plugin's maker.",
  )

/** What keeps a job from succeeding. */
export const jobProblem = z.object({
  owner: problemOwner,
  code: z.string().describe('Stable; `docs/operate.md` lists them.'),
  message: z.string().describe('What happened and what to do.'),
})

/** What was done for one stream, or for a whole job. */
export const jobCounts = z
  .object({
    requests: z.int().describe('Requests sent, refused ones and repetitions among them.'),
    bytes: z.int().describe('Bytes received, uncompressed.'),
    pages: z.int(),
    read: z.int().describe('Records that the mapping gave; of a file, its rows.'),
    values: z.int().describe('Single values found in them.'),
    new: z.int(),
    changed: z.int(),
    unchanged: z.int(),
    removed: z.int(),
    setAside: z
      .int()
      .describe(
        'Values that are not used because another one of the same day, or of the same instant, counts.',
      ),
    rejected: z.int(),
  })
  .meta({ id: 'JobCounts' })

/** One run of an import. */
export const job = z
  .object({
    id: z.string(),
    pluginId: z.string(),
    connectionId: z.string(),
    trigger: jobTrigger,
    status: jobStatus,
    reason: z
      .string()
      .nullable()
      .describe('One sentence for every job that ended other than `succeeded`, and for one that waits.'),
    problem: jobProblem.exactOptional().describe('Left out where nothing keeps it from succeeding.'),
    from: day,
    to: day,
    counts: jobCounts.describe('Of all streams together.'),
    streams: z
      .record(z.string(), jobCounts)
      .describe('By stream, as far as the job has come; `file` for an upload.'),
    selectedStreams: z
      .array(z.string())
      .nullable()
      .describe('The streams that it fetches; `null`: all that are switched on.'),
    createdAt: moment,
    startedAt: moment.nullable(),
    finishedAt: moment.nullable(),
    continuesAt: moment
      .nullable()
      .describe('When it goes on by itself, while it is `waiting` or `retrying`.'),
  })
  .meta({ id: 'Job' })

/** A record, or one value of it, that a job did not store. */
export const jobRejection = z
  .object({
    code: z
      .enum(['unreadable', 'implausible'])
      .describe(
        '`unreadable`: the record is not as expected; `implausible`: the value is physically impossible.',
      ),
    reason: z.string().describe('One sentence.'),
    stream: z.string().describe('The id of the stream; `file` for an upload.'),
    path: z.string().exactOptional().describe('Where in a file it stands, such as `line 12`.'),
    page: z.int().nullable().describe('The response that it came with, counted from 0; `null`: not known.'),
    record: z.unknown().describe('What was mapped, as far as it is known.'),
  })
  .meta({ id: 'JobRejection' })

export type JobStatus = z.infer<typeof jobStatus>
export type JobTrigger = z.infer<typeof jobTrigger>
export type ProblemOwner = z.infer<typeof problemOwner>
export type JobProblem = z.infer<typeof jobProblem>
export type JobCounts = z.infer<typeof jobCounts>
export type Job = z.infer<typeof job>
export type JobRejection = z.infer<typeof jobRejection>
