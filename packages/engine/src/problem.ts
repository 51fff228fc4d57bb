/** Something that the person who asked can be told: a status (RFC 9110), a stable code and one sentence. */
export class Problem extends Error {
  readonly status: number
  readonly code: string
  /** After how many seconds asking again makes sense. */
  readonly retryAfter: number | undefined

  constructor(
    status: number,
    code: string,
    detail: string,
    { retryAfter, ...options }: ErrorOptions & { retryAfter?: number } = {},
  ) {
    super(detail, options)
    this.name = 'Problem'
    this.status = status
    this.code = code
    this.retryAfter = retryAfter
  }
}
