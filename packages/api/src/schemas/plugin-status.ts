import { z } from 'zod'
import { fieldType, kind } from './daily-values.ts'
import { day, daySchema, moment } from './day.ts'
import { job } from './job.ts'
import { remap } from './remap.ts'

export const connectionState = z.enum([
  'connected',
  'retrying',
  'needs-reauthorization',
  'misconfigured',
  'paused',
  'retired',
  'disconnected',
])

const retired = z
  .object({ since: z.string(), note: z.string() })
  .nullable()
  .describe('`null` while the service exists.')

/** What a source declares. */
const plugin = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  icon: z.string(),
  fields: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      description: z.string().nullable(),
      type: fieldType,
      unit: z.string().nullable(),
      kind,
      dimension: z
        .string()
        .nullable()
        .describe('What its values are split by; `null` for a value of the whole day.'),
    }),
  ),
  retired,
  successor: z.string().nullable().describe('The id of the source that replaces it.'),
})

/** How far the backfill of a connection has come. */
const historyStatus = z.object({
  reached: day
    .nullable()
    .describe('From this day on no day is missing; `null` where a stream was not fetched yet.'),
  from: day.describe('The depth: the first day that is fetched.'),
  paused: z.boolean().describe('Whether the user stopped it for now.'),
  daysLeft: z.int().describe('Days before the usual look-back of which some stream was never fetched.'),
  secondsLeft: z
    .number()
    .nullable()
    .describe(
      'How long they take at the speed of the last jobs of the backfill; `null` before one has ended.',
    ),
})

const stream = z.object({
  id: z.string(),
  name: z.string(),
  fields: z.array(z.string()),
  enabled: z.boolean(),
  granted: z.boolean(),
  keepEvery: z
    .int()
    .nullable()
    .describe(
      'One measurement in so many seconds is stored; 0: every one; `null`: there is nothing to choose.',
    ),
})

/** One of several connections to a source. */
const connectionSummary = z.object({
  id: z.string(),
  name: z.string().describe('What the user calls it, or else its number, e.g. "Account 2".'),
  state: connectionState,
  enabled: z.boolean(),
  lastSync: moment.nullable(),
})

/** A source as one user sees it. */
export const pluginStatus = z
  .object({
    plugin,
    connectBy: z
      .enum(['oauth2', 'api-key', 'upload'])
      .describe("How a user connects it: over the provider's consent page, by a key, or by an upload."),
    key: z
      .object({ help: z.string(), placeholder: z.string().nullable() })
      .nullable()
      .describe('Where the user finds the key, and what it looks like.'),
    connection: z
      .string()
      .nullable()
      .describe('The id of the connection that this is the status of; `null`: never connected.'),
    name: z.string().nullable().describe('What the user calls it; `null` where they gave it no name.'),
    connections: z
      .array(connectionSummary)
      .describe('All connections of the user to this source, the first one first.'),
    configured: z.boolean().describe('Whether an admin made it ready to be connected.'),
    simulated: z.boolean().describe('Whether a connection made now would be to the simulated provider.'),
    connected: z.boolean(),
    enabled: z.boolean(),
    lastSync: moment.nullable().describe('The end of the last import that brought data or found none.'),
    state: connectionState.nullable().describe('`null`: never connected.'),
    reason: z.string().nullable().describe('Why it is in that state, where there is something to say.'),
    ends: z
      .object({ at: moment, note: z.string().nullable() })
      .nullable()
      .describe(
        'When it ends unless the user connects again, and what an admin can do about it; `null`: no end is known.',
      ),
    offeredTimeZone: z
      .string()
      .nullable()
      .describe("The person's zone at a simulated provider, offered where the user's differs."),
    preference: z
      .int()
      .nullable()
      .describe("Its place in the user's order of preference, from 0; `null` where the user set none."),
    firstConnected: moment
      .nullable()
      .describe(
        'When it was first connected, which is its place where the user set none; `null` where it never was.',
      ),
    history: historyStatus.nullable(),
    streams: z.array(stream).describe('Its streams, as the user set them.'),
    remap: remap
      .pick({ status: true, because: true })
      .nullable()
      .describe(
        'Where its stored responses are being mapped again, or that waits for the user; else `null`.',
      ),
    job: job.nullable().describe('The job that is running or waiting, else the last one.'),
  })
  .meta({ id: 'PluginStatus' })

const mostDays = 20_000

/** What a user may change of a connection: its depth as a day, or as so many days back from today. */
export const connectionSettings = z
  .strictObject(
    {
      name: z
        .string('must be a text')
        .max(100, 'must be at most 100 characters')
        .describe('What the user calls the connection; empty: nothing.')
        .optional(),
      enabled: z.boolean('must be true or false').optional(),
      streams: z
        .array(z.string('must be the id of a stream'), 'must be a list of ids of streams')
        .describe('The ids of the streams that are imported.')
        .optional(),
      historyFrom: daySchema.describe('The depth: no day before it is fetched.').optional(),
      keepEvery: z
        .record(z.string(), z.int('must be a number of seconds').min(0, 'must not be below 0'))
        .describe('How many seconds make one measurement, by stream: 60, 300, 900, or 0 for every one.')
        .optional(),
      historyPaused: z.boolean('must be true or false').optional(),
      historyDays: z
        .int('must be a whole number')
        .min(0, 'must not be below 0')
        .max(mostDays, `must be at most ${mostDays}`)
        .describe('The depth as so many days back from today.')
        .optional(),
    },
    'The body must be a JSON object',
  )
  .refine(({ historyFrom, historyDays }) => historyFrom === undefined || historyDays === undefined, {
    path: ['historyDays'],
    message: 'must not be given together with historyFrom',
  })

export type ConnectionSummary = z.infer<typeof connectionSummary>
export type ConnectionState = z.infer<typeof connectionState>
export type HistoryStatus = z.infer<typeof historyStatus>
export type PluginStatus = z.infer<typeof pluginStatus>
