/**
 * What must happen next when an import cannot go on.
 *
 * - `reauthorize`: the person has to connect again
 * - `not-allowed`: the person did not allow this stream; it is left out until they do, and the others go on
 * - `rate-limited`: wait until `retryAt`; no attempt is spent
 * - `unavailable`: try again later, with back-off
 * - `bad-record`: note the record and go on
 * - `misconfigured`: an admin has to change the source's settings
 * - `retired`: the service is gone; never try again
 * - `plugin-failed`: the plugin's own code failed; the core finds this out, no plugin throws it
 */
export type ImportErrorCode = (typeof codes)[number]

const codes = [
  'reauthorize',
  'not-allowed',
  'rate-limited',
  'unavailable',
  'bad-record',
  'misconfigured',
  'retired',
  'plugin-failed',
] as const

/** An error that says what happens next. Recognised by `code`, so that another copy of this class serves as well. */
export class ImportError extends Error {
  readonly code: ImportErrorCode
  /** When a `rate-limited` source may be asked again. */
  readonly retryAt: Temporal.Instant | undefined
  /** The HTTP status of the response that it stands for. */
  readonly status: number | undefined

  constructor(
    code: ImportErrorCode,
    message: string,
    options: ErrorOptions & { retryAt?: Temporal.Instant; status?: number } = {},
  ) {
    super(message, options)
    this.name = 'ImportError'
    this.code = code
    this.retryAt = options.retryAt
    this.status = options.status
  }
}

/** The code of an error thrown by a plugin, or `undefined` where it has none of ours. */
export function importErrorCode(error: unknown): ImportErrorCode | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined
  const { code } = error
  return codes.find((known) => known === code)
}
