import {
  type Answer,
  type BaseIntegrationHandler,
  type ImportErrorCode,
  type ImportRun,
  importErrorCode,
  type Stream,
  type Window,
} from '@tributary/plugin-sdk'
import { localDay } from '../clock.ts'
import { isLive, type LiveConnection } from '../connections/connection.ts'
import type { JobCounts } from '../database/schema.ts'
import type { ImportJob } from '../jobs/claim-job.ts'
import { noCounts } from '../jobs/job-counts.ts'
import { planRanges } from '../jobs/plan-ranges.ts'
import { connectClient } from '../connections/connect-client.ts'
import type { Parts } from '../parts.ts'
import { readPlugin } from '../sources/call-plugin.ts'
import { archiveAnswers, type Archived, checkPages } from './archive-answers.ts'
import { close, type Ending } from './close.ts'
import { AttemptLost, cover } from './cover.ts'
import { failWindow } from './coverage.ts'
import { planWindows } from './plan-windows.ts'
import { expectedOf, stageRecords, type Staged } from './stage-records.ts'

/** A run that cannot go on for any window. */
export class RunEnded extends Error {}

/** Errors after which no other window of the connection can be asked either. */
const endsRun: readonly ImportErrorCode[] = ['reauthorize', 'rate-limited', 'misconfigured', 'retired']

/** The steps of one import, given to `processImport`; `ending` says how it went. */
export interface EngineRun extends ImportRun {
  readonly ending: Ending
}

/** Prepares the run of a claimed job: its connection, zone and windows. */
export async function createRun(
  parts: Parts,
  job: ImportJob,
  handler: BaseIntegrationHandler,
  isStopped: () => boolean,
): Promise<EngineRun> {
  const { database, clock, accessTokens } = parts
  const { plugin } = handler
  const { connection, zone, windows, ungranted, done } = await prepare(parts, job, handler)
  const source = { id: plugin.id, name: plugin.name }
  const raws = new WeakMap<object, Buffer>()
  const ending: Ending = {
    covered: done.length,
    failed: 0,
    code: undefined,
    reason:
      ungranted.length > 0
        ? `${ungranted.join(', ')}: not allowed by you; connect again to allow it.`
        : undefined,
    retryAt: undefined,
  }
  const failedStreams = new Set<string>()
  let counts: Record<string, JobCounts> = { ...job.counts }

  const streamOf = (window: Window): Stream => {
    const stream = plugin.streams[window.stream]
    if (!stream) throw new Error(`${plugin.id} has no stream "${window.stream}"`)
    return stream
  }
  const coveredStream = (window: Window) => ({
    userId: job.user_id,
    sourceId: plugin.id,
    accountId: connection.account_id,
    stream: window.stream,
  })

  return {
    zone,
    ending,

    *windows() {
      for (const window of windows) {
        if (isStopped()) throw new AttemptLost()
        // What a stream could not give now it will not give a moment later; the next attempt asks again.
        if (!failedStreams.has(window.stream)) yield window
      }
    },

    connect: () =>
      connectClient(parts, connection, plugin, (answer, raw) => {
        if (typeof answer === 'object' && answer !== null) raws.set(answer as object, raw)
      }),

    async credentials() {
      if (!plugin.readsOwnSecrets)
        throw new Error(`${plugin.id} does not declare that it reads its own secrets`)
      return accessTokens.tokens(connection, plugin)
    },

    async archive(window, fetch): Promise<Archived> {
      const rawOf = (answer: Answer) =>
        raws.get(answer as object) ?? Buffer.from(JSON.stringify(answer ?? null))
      const archived = await archiveAnswers(
        database,
        { userId: job.user_id, jobId: job.id, source, accountId: connection.account_id, window },
        fetch,
        rawOf,
      )
      return { ...archived, pages: await checkPages(plugin.name, archived.pages, streamOf(window).schema) }
    },

    async stage(archived, map) {
      const records = readPlugin(plugin.name, 'its mapping', () => map(archived.pages))
      return { archived, staged: await stageRecords(expectedOf(plugin, archived.window), records) }
    },

    async cover(step) {
      const { archived, staged } = step as { archived: Archived; staged: Staged }
      const { window, fetchId, pages } = archived
      const stream = streamOf(window)
      const covered = await database.asUser(job.user_id, (db) =>
        cover(db, counts[window.stream] ?? noCounts, {
          job,
          slice: { ...coveredStream(window), fields: stream.fields, from: window.from, to: window.to, zone },
          stream: window.stream,
          settlesAfterDays: stream.settlesAfterDays,
          fetchId,
          pages: pages.length,
          staged,
          now: clock.now(),
        }),
      )
      counts = { ...counts, [window.stream]: covered }
      ending.covered += 1
      if (staged.rejections.length > 0 && ending.reason === undefined) {
        ending.reason = `${staged.rejections.length} records could not be read; the rest is in.`
      }
    },

    async fail(window, error) {
      if (error instanceof AttemptLost) throw error
      const code = importErrorCode(error)
      if (code === undefined) throw error
      const { message, retryAt } = error as Error & { retryAt?: Temporal.Instant }
      ending.code = code
      ending.reason = message
      ending.retryAt = retryAt
      if (code !== 'rate-limited') {
        ending.failed += 1
        failedStreams.add(window.stream)
        await database.asUser(job.user_id, (db) => failWindow(db, coveredStream(window), window))
      }
      if (endsRun.includes(code)) throw new RunEnded()
    },

    files: () => [],

    load: () => Promise.reject(new Error('this run has windows and no files')),

    async settle() {
      await close(parts, job, ending)
    },
  }
}

async function prepare({ database, clock }: Parts, job: ImportJob, { plugin }: BaseIntegrationHandler) {
  return database.asUser(job.user_id, async (db) => {
    const row = await db
      .selectFrom('user_integrations')
      .innerJoin('users', 'users.id', 'user_integrations.user_id')
      .selectAll('user_integrations')
      .select('users.time_zone')
      .where('user_integrations.id', '=', job.connection_id)
      .executeTakeFirstOrThrow()
    const connection: LiveConnection = requireLive(row)
    const done = await db
      .selectFrom('fetches')
      .select('id')
      .where('job_id', '=', job.id)
      .where('covered_at', 'is not', null)
      .execute()
    const today = localDay(clock.now(), row.time_zone)
    const { ranges, ungranted } = await planRanges(db, plugin, {
      job,
      connection,
      zone: row.time_zone,
      today,
    })
    const windows = planWindows(plugin, (stream) => ranges.get(stream) ?? [])
    return { connection, zone: row.time_zone, windows, ungranted, done }
  })
}

function requireLive(connection: Parameters<typeof isLive>[0]): LiveConnection {
  if (isLive(connection)) return connection
  throw new RunEnded('The connection was ended.')
}
