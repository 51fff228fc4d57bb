import { z } from 'zod'
import { endpoint, events, json, reading } from '../endpoint.ts'
import { isDay } from '../civil-day.ts'
import { uuid } from '../schemas/ids.ts'
import { job, jobRejection } from '../schemas/job.ts'
import { limit, place } from '../schemas/paging.ts'
import { valuesChanged } from '../schemas/value-changes.ts'

const momentMessage = 'must be a moment such as 2026-11-21T12:00:00Z'
const id = z.object({ id: uuid })

export const importJobEndpoints = {
  listJobs: endpoint({
    method: 'GET',
    path: '/api/import-jobs',
    ...reading,
    summary: 'The import jobs, newest first: fifty of them',
    query: z.strictObject({
      plugin: z.string().min(1, 'must be the id of a source').describe('Only of this source.').optional(),
      connection: z.string().describe('Only of this connection of it, by its id.').optional(),
      before: z.iso
        .datetime(momentMessage)
        .refine((text) => isDay(text.slice(0, 10)), momentMessage)
        .describe('Only those that were requested before this moment.')
        .optional(),
    }),
    answer: json(z.object({ jobs: z.array(job) })),
  }),
  watchJobs: endpoint({
    method: 'GET',
    path: '/api/import-jobs/events',
    ...reading,
    summary: 'Import jobs and daily values as they change, for as long as the session or the token lasts',
    description:
      'Who connects again with the header `Last-Event-ID`, as browsers do, receives what happened meanwhile.',
    answer: events({ job, values: valuesChanged }),
    problems: ['too-many-watches', 'ending'],
  }),
  readJob: endpoint({
    method: 'GET',
    path: '/api/import-jobs/{id}',
    ...reading,
    summary: 'One import job',
    params: id,
    answer: json(z.object({ job })),
    problems: ['unknown-job'],
  }),
  listRejections: endpoint({
    method: 'GET',
    path: '/api/import-jobs/{id}/rejections',
    ...reading,
    summary: 'The records and values that a job did not store, each with its reason',
    description:
      'In the order in which they were written; the first thousand of each code and window are stored.',
    params: id,
    query: z.strictObject({ after: place.optional(), limit: limit.optional() }),
    answer: json(
      z.object({
        rejections: z.array(jobRejection),
        next: z.string().nullable().describe('`after` of the next part; `null`: there is none.'),
      }),
    ),
    problems: ['unknown-job'],
  }),
}
