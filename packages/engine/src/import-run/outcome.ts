import { type ImportErrorCode, type PluginDeclaration } from '@tributary/plugin-sdk'
import { type JobProblemCode, jobProblems } from '../domain/job-problems.ts'
import type { WantedStreams } from '../planning/wanted-streams.ts'
import { nameOfDataType, type StreamDataType } from '../sources/data-types.ts'
import type { Ending } from '../jobs/close-job.ts'
import type { ReadyWindow } from './commit-windows.ts'
import { tooManyRejected } from '../values/too-many-rejected.ts'
import { toStorableText } from '../domain/storable-text.ts'
import type { ImportJob } from '../database/schema.ts'

/** Errors that end a stream for the run, and that no other attempt mends. */
const finalForStream: readonly ImportErrorCode[] = [
  'bad-record',
  'not-allowed',
  'misconfigured',
  'plugin-failed',
]

/** Errors that concern one data type, which the job's reason names; others concern the connection as a whole. */
const namesDataType: readonly ImportErrorCode[] = ['unavailable', 'bad-record']
/** Where more fail for one reason, the reason alone is told. */
const mostNamed = 3

export interface Failure {
  code: ImportErrorCode
  message: string
  retryAt: Temporal.Instant | undefined
}

/** How a run goes, window by window: what it counts, and the sentence that its job will say. */
export class Outcome {
  readonly ending: Ending
  readonly #plugin: PluginDeclaration
  /** The streams that are not allowed, by message. */
  readonly #notAllowed: Map<string, string[]>
  /** The windows that failed, by message. */
  readonly #failedTypes = new Map<string, StreamDataType[]>()

  /**
   * `done`: windows that an earlier attempt covered; the permanent error of the job: one that this attempt cannot fix. Where
   * no stream is granted the run has failed before it began.
   */
  constructor(
    plugin: PluginDeclaration,
    { done, job, granted, ungranted }: WantedStreams & { done: number; job: WithPermanentError },
  ) {
    this.#plugin = plugin
    this.#notAllowed = new Map(
      ungranted.length > 0 ? [['not shared by you. Reconnect to share it.', ungranted]] : [],
    )
    this.ending = {
      covered: done,
      failed: granted.length === 0 || job.permanent_error !== null ? 1 : 0,
      code: undefined,
      ...startOf(job, this.#notAllowed, granted),
      retryAt: undefined,
    }
  }

  /** A window was written, with the records of it that could be read. */
  covered(window: ReadyWindow): void {
    const { ending } = this
    const { staged } = window
    ending.covered += 1
    const name = nameOfDataType(this.#plugin, window)
    const description = describeTooManyRejected(name, staged)
    if (description === undefined) {
      ending.reason ??= sayRejected(name, staged) ?? saySetAside(name, staged)
      return
    }
    ending.failed += 1
    if (ending.code === undefined) this.#report('bad-record', description)
  }

  /** A window was left as it is stored: its second response did not agree with the first. */
  unconfirmed(window: ReadyWindow): void {
    this.ending.failed += 1
    const why =
      window.staged.read === 0
        ? 'the responses were empty, although the plugin does not declare that they may be'
        : 'two responses lack stored values, and not the same ones'
    if (this.ending.problem !== undefined) return
    const name = nameOfDataType(this.#plugin, window)
    this.#report('unconfirmed', `${name}: ${why}. The stored values stay, and the days are requested again.`)
  }

  /** A source refused a stream, and why. */
  notAllowed(stream: string, message: string): void {
    this.ending.failed += 1
    const streams = [...(this.#notAllowed.get(message) ?? []), this.#nameOf(stream)]
    this.#notAllowed.set(message, streams)
    this.#report('not-allowed', sayNotAllowed(this.#notAllowed))
  }

  /** A window could not be fetched or read. */
  failed(type: StreamDataType, failure: Failure): void {
    const { ending } = this
    const { code, retryAt } = failure
    const reason = this.#sayFailure(type, failure)
    if (code !== 'rate-limited') ending.failed += 1
    // A retryable failure outranks a later one that no retry can fix.
    if (ending.code === 'unavailable' && finalForStream.includes(code)) return
    ending.code = code
    this.#report(code, reason)
    ending.retryAt = retryAt
  }

  #nameOf(stream: string): string {
    return this.#plugin.streams[stream]?.name ?? stream
  }

  /** Names what failed where a data type of a stream did: the rest of that stream may be there. */
  #sayFailure(type: StreamDataType, { code, message }: Failure): string {
    if (code === 'not-allowed') return `${this.#nameOf(type.stream)}: ${message}`
    if (!namesDataType.includes(code)) return message
    const types = [...(this.#failedTypes.get(message) ?? []), type]
    this.#failedTypes.set(message, types)
    const names = new Set(types.map((failed) => nameOfDataType(this.#plugin, failed)))
    const isNamed = types.some(({ dataType }) => dataType !== '') && names.size <= mostNamed
    return isNamed ? `${[...names].join('; ')}: ${message}` : message
  }

  #report(problem: JobProblemCode, reason: string | undefined): void {
    Object.assign(this.ending, { problem, reason })
  }
}

type WithPermanentError = Pick<ImportJob, 'permanent_error' | 'permanent_problem'>

/** What is known before anything is asked: what an earlier attempt met, and what may not be asked for. */
function startOf(
  { permanent_error, permanent_problem }: WithPermanentError,
  notAllowed: ReadonlyMap<string, string[]>,
  granted: string[],
): Pick<Ending, 'reason' | 'problem'> {
  if (permanent_error !== null) return { reason: permanent_error, problem: permanent_problem ?? 'bad-record' }
  const reason = sayNotAllowed(notAllowed)
  if (granted.length > 0) return { reason, problem: undefined }
  if (reason !== undefined) return { reason, problem: 'not-allowed' }
  return { reason: jobProblems['nothing-chosen'].message, problem: 'nothing-chosen' }
}

/** What to say of a window of which so much could not be read that it is no success; `undefined` where it was read. */
export function describeTooManyRejected(name: string, staged: ReadyWindow['staged']): string | undefined {
  if (!tooManyRejected(staged)) return undefined
  const { rejected, read, rejections } = staged
  const first = rejections.find(({ code }) => code === 'unreadable')
  return `${name}: ${rejected.unreadable} of ${read} records could not be read (${toStorableText(first?.reason ?? '')}); the rest is in.`
}

/** What to say of a window some of whose records were rejected, while the import succeeds; `undefined` where none was. */
function sayRejected(name: string, { rejected }: ReadyWindow['staged']): string | undefined {
  const { unreadable, implausible } = rejected
  if (unreadable > 0)
    return `${name}: ${unreadable} ${unreadable === 1 ? 'record' : 'records'} could not be read; the rest is in.`
  if (implausible === 0) return undefined
  return implausible === 1
    ? `${name}: 1 value is implausible and was not stored.`
    : `${name}: ${implausible} values are implausible and were not stored.`
}

/** What to say of a window in which records repeat a day or an instant with other values; `undefined` where none does. */
function saySetAside(name: string, { setAside }: ReadyWindow['staged']): string | undefined {
  if (setAside === 0) return undefined
  return `${name}: ${setAside === 1 ? '1 value was' : `${setAside} values were`} set aside because a later record of the same day or time counts.`
}

/** Which streams were left out, and what the user can do about it. */
function sayNotAllowed(notAllowed: ReadonlyMap<string, string[]>): string | undefined {
  const sentences = [...notAllowed].map(([message, streams]) => `${streams.join(', ')}: ${message}`)
  return sentences.length > 0 ? sentences.join(' ') : undefined
}
