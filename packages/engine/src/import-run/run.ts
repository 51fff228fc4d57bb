import {
  type Answer,
  type BaseIntegrationHandler,
  type ImportError,
  type ImportErrorCode,
  type ImportRun,
  importErrorCode,
  type StagedRecords,
  type Stream,
  type Window,
} from '@tributary/plugin-sdk'
import { connectClient } from '../connections/connect-client.ts'
import type { Parts } from '../parts.ts'
import { callPlugin } from '../sources/call-plugin.ts'
import { asCore } from '../sources/core-error.ts'
import { isSameType, nameOfDataType } from '../sources/data-types.ts'
import { timeStep } from '../runtime/time-step.ts'
import { archiveAnswers, type Archived, type RawAnswer } from './archive-answers.ts'
import { checkPages } from '../values/check-pages.ts'
import { close, type Ending } from '../jobs/close-job.ts'
import { confirms } from '../values/confirms-loss.ts'
import { type Covering, commitWindows, type ReadyWindow } from './commit-windows.ts'
import { failWindows } from '../planning/record-coverage.ts'
import { toStorableText } from '../domain/storable-text.ts'
import { logFailure } from './log-failure.ts'
import { createOutcome, describeTooManyRejected } from './outcome.ts'
import { prepareRun } from './prepare-run.ts'
import { stagePages } from '../values/stage-pages.ts'
import { expectedOf } from '../values/stage-records.ts'
import type { ImportJob } from '../database/schema.ts'
import { AttemptLost } from '../jobs/fence.ts'
import { createSkippedTypes } from './skipped-types.ts'
import { createWindowQueue } from './window-queue.ts'
import { forgetScopes } from '../connections/forget-scopes.ts'
import { recordPermanentError } from '../jobs/record-permanent-error.ts'

/** A run that cannot go on for any window. */
export class RunEnded extends Error {}

/** Errors after which no other window of the connection can be asked either. */
const endsRun: readonly ImportErrorCode[] = ['reauthorize', 'rate-limited', 'retired']

/** The steps of one import, given to `processImport`; `ending` says how it went. */
export interface EngineRun extends ImportRun {
  readonly ending: Ending
}

interface StagedStep extends StagedRecords {
  ready: ReadyWindow
}

/** Prepares the run of a claimed job: its connection, zone and windows. */
export async function createRun(
  parts: Parts,
  job: ImportJob,
  handler: BaseIntegrationHandler,
  isStopped: () => boolean,
): Promise<EngineRun> {
  const { database, clock, accessTokens, log } = parts
  const { plugin } = handler
  const prepared = await timeStep('prepare', () => prepareRun(parts, job, plugin))
  if (!prepared) throw new AttemptLost()
  const { connection, zone, windows, granted, ungranted, done } = prepared
  const source = { id: plugin.id, name: plugin.name }
  const account = { userId: job.user_id, sourceId: plugin.id, accountId: connection.account_id }
  const raws = new WeakMap<object, RawAnswer>()
  const skipped = createSkippedTypes(job.failures)
  const traffic: Covering['traffic'] = new Map()
  let stream = ''
  /** Windows that lack stored values and are requested a second time; then those that no second answer confirmed. */
  const suspicious: ReadyWindow[] = []
  const unconfirmed: ReadyWindow[] = []
  let askingAgain = false
  const outcome = createOutcome(plugin, { done, job, granted, ungranted })

  const streamOf = (window: Window): Stream => {
    const declared = plugin.streams[window.stream]
    if (!declared) throw new Error(`${plugin.id} has no stream "${window.stream}"`)
    return declared
  }

  async function writeWindows(windows: ReadyWindow[]): Promise<void> {
    const mappingVersion = plugin.mappingVersion ?? 1
    const covering = { job, account, zone, mappingVersion, traffic, now: clock.now() }
    const refused = await timeStep('write', () =>
      database.asUser(job.user_id, async (db) => {
        const refused = await commitWindows(db, covering, windows)
        const [permanentError] = windows
          .filter((window) => !refused.includes(window))
          .flatMap((window) => describeTooManyRejected(nameOfDataType(plugin, window), window.staged) ?? [])
        if (permanentError !== undefined) await recordPermanentError(db, job, permanentError, 'bad-record')
        return refused
      }),
    )
    if (askingAgain) unconfirmed.push(...refused)
    else suspicious.push(...refused)
    for (const window of windows) if (!refused.includes(window)) outcome.covered(window)
  }
  const queue = createWindowQueue(writeWindows)

  return {
    zone,
    ending: outcome.ending,

    async *windows() {
      for (const window of windows) {
        if (isStopped()) throw new AttemptLost()
        // What could not be had now cannot be had a moment later; the next attempt asks again.
        if (!skipped.has(window)) yield window
      }
      await queue.flush()
      askingAgain = true
      for (const { stream, dataType, from, to } of suspicious) {
        if (isStopped()) throw new AttemptLost()
        if (!skipped.has({ stream, dataType })) yield { stream, dataType, from, to }
      }
    },

    connect: () =>
      asCore(() =>
        connectClient(parts, connection, plugin, {
          received(answer, raw, request) {
            if (typeof answer === 'object' && answer !== null) raws.set(answer as object, { raw, request })
          },
          traffic(requests, bytes) {
            const before = traffic.get(stream) ?? { requests: 0, bytes: 0 }
            traffic.set(stream, { requests: before.requests + requests, bytes: before.bytes + bytes })
          },
        }),
      ),

    async credentials() {
      if (!plugin.readsOwnSecrets)
        throw new Error(`${plugin.id} does not declare that it reads its own secrets`)
      return asCore(() => accessTokens.tokens(connection, plugin))
    },

    authenticate: (work) => callPlugin(plugin.name, 'signing in', work),

    async archive(window, fetch): Promise<Archived> {
      stream = window.stream
      const label = nameOfDataType(plugin, window)
      const rawOf = (answer: Answer) =>
        raws.get(answer as object) ?? { raw: Buffer.from(JSON.stringify(answer ?? null)), request: '' }
      const archived = await archiveAnswers(
        database,
        { userId: job.user_id, jobId: job.id, source, label, accountId: connection.account_id, zone, window },
        fetch,
        rawOf,
      )
      const { dataType, from, to } = window
      const context = { dataType, from, to, zone }
      const pages = await checkPages(plugin, streamOf(window), archived.pages, context)
      return { ...archived, pages }
    },

    async stage(archived, map): Promise<StagedStep> {
      const { window, fetchId } = archived as Archived
      const staged = await timeStep('map', () =>
        stagePages(handler, { window, zone, keepEvery: connection.keep_every }, archived.pages, map),
      )
      const { fields } = expectedOf(plugin, window, zone)
      const first = suspicious.find((other) => isSameType(other, window) && other.from === window.from)
      const ready: ReadyWindow = {
        ...window,
        fields,
        settlesAfterDays: streamOf(window).settlesAfterDays,
        fetchId,
        pages: archived.pages.length,
        staged,
        confirmed: first !== undefined && confirms(staged, first.staged, streamOf(window)),
      }
      return { archived, ready }
    },

    cover: (step) => queue.add((step as StagedStep).ready),

    async fail(window, error) {
      if (error instanceof AttemptLost) throw error
      const code = importErrorCode(error)
      if (code === undefined) throw error
      logFailure(log, job, error as ImportError, window)
      const { retryAt } = error as { retryAt?: Temporal.Instant }
      const message = toStorableText((error as Error).message)
      const { scopes = [], name = window.stream } = streamOf(window)
      if (code === 'not-allowed' && scopes.length > 0) {
        skipped.skipStream(window.stream)
        outcome.notAllowed(window.stream, message)
        await database.asUser(job.user_id, async (db) => {
          await recordPermanentError(db, job, `${name}: ${message}`, 'not-allowed')
          await forgetScopes(db, connection.id, scopes)
        })
        return
      }
      outcome.failed(window, { code, message, retryAt })
      if (code !== 'rate-limited') {
        skipped.failed(window)
        if (code === 'not-allowed') skipped.skipStream(window.stream)
        // What is not allowed for one of its windows is for none: else history would ask for each of them.
        const lost = windows.filter(({ stream }) => code === 'not-allowed' && stream === window.stream)
        await database.asUser(job.user_id, (db) => failWindows(db, account, [window, ...lost]))
      }
      if (endsRun.includes(code)) {
        await queue.flush()
        throw new RunEnded()
      }
    },

    files: () => [],

    load: () => Promise.reject(new Error('this run has windows and no files')),

    async settle() {
      await queue.flush()
      unconfirmed.forEach(outcome.unconfirmed)
      // They were asked: as days never asked of, history would ask for them without an end.
      if (unconfirmed.length > 0)
        await database.asUser(job.user_id, (db) => failWindows(db, account, unconfirmed))
      await timeStep('close', () => close(parts, job, outcome.ending, traffic))
    },
  }
}
