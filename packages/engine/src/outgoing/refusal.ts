import {
  type Answer,
  ImportError,
  importErrorCode,
  type PluginDeclaration,
  readRetryAt,
  type Refusal,
} from '@tributary/plugin-sdk'

/** Whether a response can be the answer to what was asked; every other success is unfinished, partial or empty. */
export function isAnswer({ status }: Response): boolean {
  return status === 200 || status === 201
}

/** How a plugin reads a response whose status is neither 200 nor 201. */
export interface ResponseReader {
  /** Whether it says that there is no data. */
  isNoData(status: number, body: Answer): boolean
  /** What it refuses, as the plugin gives it; `undefined` where the status decides. */
  readError(status: number, body: Answer): Refusal | undefined
}

/** What a response that is not an answer means for the import. */
export function refusalOf(
  response: Response,
  body: Answer,
  plugin: PluginDeclaration,
  reader: ResponseReader,
  now: Temporal.Instant,
): ImportError {
  const { status } = response
  const { code, message, wait } = readByPlugin(reader, status, body) ?? readByStatus(response, body, plugin)
  const retryAt = readRetryAt(response.headers, now, {
    header: plugin.api.rateLimit?.resetSeconds,
    body: wait,
  })
  return new ImportError(code, message, { status, ...(retryAt ? { retryAt } : {}) })
}

/** What the plugin makes of it; `undefined` where it says nothing that can be used. */
function readByPlugin(reader: ResponseReader, status: number, body: Answer): Refusal | undefined {
  const read = reader.readError(status, body)
  return importErrorCode(read) && typeof read?.message === 'string' ? read : undefined
}

function readByStatus({ status, headers }: Response, body: Answer, plugin: PluginDeclaration): Refusal {
  const { name, auth, retired } = plugin
  // Some services refuse with 403 what is over their limit, and then say when to come back.
  if (status === 429 || (status === 403 && headers.has('retry-after')))
    return { code: 'rate-limited', message: `${name} allows no more requests for now.` }
  if (status === 401)
    return { code: 'reauthorize', message: `${name} signed Tributary out. Reconnect to continue.` }
  // A 403 without JSON comes from a gateway on the way and not from the service.
  if (status === 403 && body !== undefined) {
    const mend = auth.type === 'api-key' ? 'enter a key that may read it' : 'connect again and allow it there'
    return { code: 'not-allowed', message: `not allowed at ${name} (403); ${mend}.` }
  }
  if (status === 410 && retired) return { code: 'retired', message: retired.note }
  if (status >= 500) return { code: 'unavailable', message: `${name} could not answer (${status}).` }
  if (status >= 400)
    return { code: 'unavailable', message: `${name} answered with a client error (${status}).` }
  return {
    code: 'unavailable',
    message: `${name} responded without the requested data (${status}). It is requested again.`,
  }
}
