import { z } from 'zod'
import { endpoint, importing, json, own, reading, redirect, writing } from '../endpoint.ts'
import { coverage } from '../schemas/coverage.ts'
import { checkRange, daySchema, range } from '../schemas/day.ts'
import { pluginId } from '../schemas/ids.ts'
import { job } from '../schemas/job.ts'
import { connectionSettings, pluginStatus } from '../schemas/plugin-status.ts'
import { remap, storedAnswers } from '../schemas/remap.ts'
import { bodyMessage, success } from '../schemas/success.ts'

const id = z.object({ id: pluginId })
/** One of several connections to a source; the first one unless it is given. */
const connection = z.string().describe('The id of one of several connections; default: the first.').optional()
const ofConnection = z.strictObject({ connection })
const ofNewConnection = z.strictObject({
  connection: connection.describe(
    'The id of one of several connections, or `new` for another account; default: the first.',
  ),
})
const sourceIds = 'must be a list of at most 100 ids of sources'

export const pluginEndpoints = {
  listPlugins: endpoint({
    method: 'GET',
    path: '/api/plugins',
    ...reading,
    summary: 'The sources, each with what the user connected',
    answer: json(z.object({ plugins: z.array(pluginStatus) })),
  }),
  readPlugin: endpoint({
    method: 'GET',
    path: '/api/plugins/{id}',
    ...reading,
    summary: 'One source',
    params: id,
    query: ofConnection,
    answer: json(pluginStatus),
    problems: ['unknown-connection', 'unknown-plugin'],
  }),
  changeConnection: endpoint({
    method: 'PATCH',
    path: '/api/plugins/{id}',
    ...writing,
    summary: 'Change the settings of a connection; what is left out stays',
    params: id,
    query: ofConnection,
    body: connectionSettings,
    answer: json(pluginStatus),
    problems: [
      'unknown-plugin',
      'unknown-connection',
      'not-connected',
      'unknown-stream',
      'bad-day',
      'no-detail',
      'bad-detail',
    ],
  }),
  disconnect: endpoint({
    method: 'DELETE',
    path: '/api/plugins/{id}',
    ...writing,
    summary: 'End a connection',
    params: id,
    query: z.strictObject({
      connection,
      data: z
        .enum(['keep', 'delete'], 'must be keep or delete')
        .default('keep')
        .describe('Whether what was imported stays.'),
    }),
    answer: json(
      success.extend({
        notice: z
          .string()
          .optional()
          .describe('What is left to do at the provider, which could not be notified.'),
      }),
    ),
    problems: ['unknown-plugin', 'unknown-connection', 'not-connected'],
  }),
  startAuthorization: endpoint({
    method: 'GET',
    path: '/api/plugins/{id}/auth',
    ...own,
    summary: "Send the browser to the provider's consent page",
    description: 'Only for a browser that comes from a page of this installation.',
    params: id,
    query: ofNewConnection,
    answer: redirect,
  }),
  finishAuthorization: endpoint({
    method: 'GET',
    path: '/api/plugins/{id}/callback',
    ...own,
    summary: 'Where the provider sends the browser back to',
    description:
      'Goes on to `/settings/plugins?success=ID` or `?error=CODE` at once, so that no history has the code.',
    params: id,
    query: z.looseObject({
      code: z.string().optional(),
      state: z.string().optional(),
      error: z.string().optional(),
    }),
    answer: redirect,
  }),
  setKey: endpoint({
    method: 'PUT',
    path: '/api/plugins/{id}/key',
    ...writing,
    summary: 'Connect a source by a key, which is checked first',
    params: id,
    query: ofNewConnection,
    body: z.strictObject({ key: z.string().min(1, 'must not be empty') }, bodyMessage),
    answer: json(pluginStatus),
    problems: [
      'unknown-plugin',
      'unknown-connection',
      'no-key',
      'bad-key',
      'not-configured',
      'refused',
      'provider-unavailable',
      'wrong-account',
    ],
  }),
  readRemap: endpoint({
    method: 'GET',
    path: '/api/plugins/{id}/remap',
    ...reading,
    summary: 'The stored responses of a connection, and how mapping them again goes',
    params: id,
    query: ofConnection,
    answer: json(z.object({ stored: storedAnswers, remap: remap.nullable() })),
    problems: ['unknown-plugin', 'unknown-connection', 'not-connected'],
  }),
  changeRemap: endpoint({
    method: 'POST',
    path: '/api/plugins/{id}/remap',
    ...writing,
    summary: 'Map the stored responses again: begin, apply or cancel',
    params: id,
    query: ofConnection,
    body: z.strictObject(
      { action: z.enum(['begin', 'apply', 'cancel'], 'must be begin, apply or cancel') },
      bodyMessage,
    ),
    answer: json(z.object({ remap }), 202, 200),
    problems: ['unknown-plugin', 'unknown-connection', 'not-connected', 'no-remap'],
  }),
  sync: endpoint({
    method: 'POST',
    path: '/api/plugins/{id}/sync',
    ...importing,
    summary: 'Import a range of days, by default the last seven',
    description: 'Waits a few seconds for the end: 200 for a job that has ended, 202 for one that goes on.',
    params: id,
    query: ofConnection,
    body: z
      .strictObject({ startDate: daySchema.optional(), endDate: daySchema.optional() }, bodyMessage)
      .refine(({ startDate, endDate }) => !startDate || !endDate || startDate <= endDate, {
        path: ['startDate'],
        message: 'must not be after endDate',
      }),
    answer: json(z.object({ job }), 200, 202),
    problems: [
      'unknown-plugin',
      'unknown-connection',
      'not-connected',
      'needs-reauthorization',
      'retired',
      'switched-off',
      'bad-range',
    ],
  }),
  readCoverage: endpoint({
    method: 'GET',
    path: '/api/coverage',
    ...reading,
    summary: "What is known of a source's days: by stream and state, as ranges",
    query: z
      .strictObject({ plugin: z.string('must be the id of a source'), connection, ...range })
      .check(checkRange),
    answer: json(coverage),
    problems: ['unknown-connection', 'unknown-plugin', 'not-connected'],
  }),
  preferSources: endpoint({
    method: 'PUT',
    path: '/api/preferences/sources',
    ...writing,
    summary: 'Set the order in which sources count for a kind that several of them have',
    body: z.strictObject(
      { order: z.array(z.string('must be the id of a source'), sourceIds).max(100, sourceIds) },
      bodyMessage,
    ),
    answer: json(success),
    problems: ['unknown-plugin'],
  }),
}
