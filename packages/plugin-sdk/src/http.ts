import type { ImportError } from './errors.ts'

/** The parsed body of an answer. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- its shape is the provider's; a stream's `schema` checks it
export type Answer = any

export type Query = Record<string, string | number | boolean | undefined>

export interface RequestOptions {
  headers?: Record<string, string>
  /** Sent as JSON, or as a form where it is a `URLSearchParams`. */
  body?: unknown
}

/**
 * Asks a source's API for a plugin: the core attaches the connection's token, allows only the hosts that the plugin
 * declares, limits time and size, refreshes an expired token once, and turns an answer that is none into an `ImportError`.
 *
 * A path is resolved against the plugin's `api.baseUrl`; a full URL must lie on a declared host.
 */
export interface HttpClient {
  get(path: string, query?: Query, options?: RequestOptions): Promise<Answer>
  post(path: string, options?: RequestOptions): Promise<Answer>
  /** As the global `fetch`, within the same limits: for a plugin that reads status and headers itself. */
  fetch: typeof globalThis.fetch
  /** What `fetch` was refused since the last call, and was not given by a repeated request. */
  takeRefusals(): FetchRefusal[]
}

/** A request by `fetch` that brought no answer. */
export interface FetchRefusal {
  /** `undefined` where no response came. */
  status: number | undefined
  error: ImportError
}
