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
import { sql } from 'kysely'
import { connectClient } from '../connections/connect-client.ts'
import type { Transaction } from '../database/database.ts'
import type { JobProblemCode } from '../domain/job-problems.ts'
import type { Parts } from '../parts.ts'
import { callPlugin } from '../sources/call-plugin.ts'
import { asCore } from '../sources/core-error.ts'
import { isSameType, nameOfDataType, type StreamDataType, typeKey } from '../sources/data-types.ts'
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

/** Values that wait to be written together, and the longest that they wait. */
const waitingValues = 5000
const waitingMs = 2000

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
  /** How often each data type failed in this attempt. */
  const failures = new Map<string, number>()
  const leftStreams = new Set<string>()
  /** The first attempt leaves a data type when it fails; each later one looks behind one failure more. */
  const isLeft = (type: StreamDataType) =>
    leftStreams.has(type.stream) || (failures.get(typeKey(type)) ?? 0) > job.failures
  const traffic: Covering['traffic'] = new Map()
  let stream = ''
  let ready: ReadyWindow[] = []
  let readySince = 0
  let writing = Promise.resolve()
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

  /** Writes what is ready after what is being written; the next windows are asked and mapped meanwhile. */
  function write(): Promise<void> {
    const windows = ready
    ready = []
    if (windows.length > 0) {
      writing = writing.then(() => writeWindows(windows))
      // Whoever waits for it hears of a fault.
      writing.catch(() => {})
    }
    return writing
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

  return {
    zone,
    ending: outcome.ending,

    async *windows() {
      for (const window of windows) {
        if (isStopped()) throw new AttemptLost()
        // What could not be had now cannot be had a moment later; the next attempt asks again.
        if (!isLeft(window)) yield window
      }
      await write()
      askingAgain = true
      for (const { stream, dataType, from, to } of suspicious) {
        if (isStopped()) throw new AttemptLost()
        if (!isLeft({ stream, dataType })) yield { stream, dataType, from, to }
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

    async cover(step) {
      if (ready.length === 0) readySince = performance.now()
      ready.push((step as StagedStep).ready)
      const values = ready.reduce(
        (sum, { staged }) => sum + staged.days.length + staged.measurements.length,
        0,
      )
      if (values < waitingValues && performance.now() - readySince < waitingMs) return
      await writing
      void write()
    },

    async fail(window, error) {
      if (error instanceof AttemptLost) throw error
      const code = importErrorCode(error)
      if (code === undefined) throw error
      logFailure(log, job, error as ImportError, window)
      const { retryAt } = error as { retryAt?: Temporal.Instant }
      const message = toStorableText((error as Error).message)
      const { scopes = [], name = window.stream } = streamOf(window)
      if (code === 'not-allowed' && scopes.length > 0) {
        leftStreams.add(window.stream)
        outcome.notAllowed(window.stream, message)
        await database.asUser(job.user_id, async (db) => {
          await recordPermanentError(db, job, `${name}: ${message}`, 'not-allowed')
          await forgetScopes(db, connection.id, scopes)
        })
        return
      }
      outcome.failed(window, { code, message, retryAt })
      if (code !== 'rate-limited') {
        failures.set(typeKey(window), (failures.get(typeKey(window)) ?? 0) + 1)
        if (code === 'not-allowed') leftStreams.add(window.stream)
        // What is not allowed for one of its windows is for none: else history would ask for each of them.
        const lost = windows.filter(({ stream }) => code === 'not-allowed' && stream === window.stream)
        await database.asUser(job.user_id, (db) => failWindows(db, account, [window, ...lost]))
      }
      if (endsRun.includes(code)) {
        await write()
        throw new RunEnded()
      }
    },

    files: () => [],

    load: () => Promise.reject(new Error('this run has windows and no files')),

    async settle() {
      await write()
      unconfirmed.forEach(outcome.unconfirmed)
      // They were asked: as days never asked of, history would ask for them without an end.
      if (unconfirmed.length > 0)
        await database.asUser(job.user_id, (db) => failWindows(db, account, unconfirmed))
      await timeStep('close', () => close(parts, job, outcome.ending, traffic))
    },
  }
}

/** Records an error that no further attempt of the job can fix, unless this attempt lost the job. */
async function recordPermanentError(
  db: Transaction,
  job: ImportJob,
  message: string,
  problem: JobProblemCode,
): Promise<void> {
  await db
    .updateTable('import_jobs')
    .set({ permanent_error: message, permanent_problem: problem })
    .where('id', '=', job.id)
    .where('attempt', '=', job.attempt)
    .execute()
}

/** What a source says was not allowed is not asked for again until the user connects again. */
async function forgetScopes(db: Transaction, connectionId: string, scopes: string[]): Promise<void> {
  await sql`
    update user_integrations set scopes = array(select unnest(scopes) except select unnest(${scopes}::text[]))
    where id = ${connectionId} and scopes is not null`.execute(db)
}
