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
  /** What the last answer of `fetch` that was no data means. */
  refusal(): ImportError | undefined
}
