/** Something that the person who asked can be told: a status (RFC 9110), a stable code and one sentence. */
export class Problem extends Error {
  readonly status: number
  readonly code: string

  constructor(status: number, code: string, detail: string, options?: ErrorOptions) {
    super(detail, options)
    this.name = 'Problem'
    this.status = status
    this.code = code
  }
}
