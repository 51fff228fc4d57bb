import type { ProblemCode } from '@tributary/api'

/** Something that the person who asked can be told: a status (RFC 9110), a stable code and one sentence. */
export class Problem extends Error {
  readonly status: number
  readonly code: ProblemCode
  /** After how many seconds asking again makes sense. */
  readonly retryAfter: number | undefined
  /** Further members of the answer (RFC 9457, section 3.2). */
  readonly details: object | undefined

  constructor(
    status: number,
    code: ProblemCode,
    detail: string,
    { retryAfter, details, ...options }: ErrorOptions & { retryAfter?: number; details?: object } = {},
  ) {
    super(detail, options)
    this.name = 'Problem'
    this.status = status
    this.code = code
    this.retryAfter = retryAfter
    this.details = details
  }
}
