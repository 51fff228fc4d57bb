/** A request that the API refused; the message is a sentence for the person. */
export class ApiError extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.name = 'ApiError'
    this.status = status
  }
}

/** Asks the HTTP API from a page. Throws `ApiError`. */
export async function callApi<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
  const response = await send(method, path, body)
  const answer: unknown = await response.json().catch(() => null)
  if (response.ok) return answer as Answer
  const { detail, requestId } = (answer ?? {}) as { detail?: unknown; requestId?: unknown }
  const sentence = typeof detail === 'string' ? detail : 'That did not work. Try again in a moment.'
  // What is our fault is told to an admin by its id.
  const id = response.status >= 500 && typeof requestId === 'string' ? ` Request id: ${requestId}` : ''
  throw new ApiError(response.status, sentence + id)
}

async function send(method: string, path: string, body: unknown): Promise<Response> {
  try {
    return await fetch(path, {
      method,
      headers: {
        accept: 'application/json',
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
  } catch {
    throw new ApiError(0, 'Tributary cannot be reached. Check your connection and try again.')
  }
}
