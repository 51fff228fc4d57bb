import { AsyncLocalStorage } from 'node:async_hooks'
import type { Answer } from '@tributary/plugin-sdk'
import type { ApiClientOptions } from '../outgoing/api-client.ts'

/** A response as it came, and the request that it belongs to; empty where that is unknown. */
export interface RawResponse {
  raw: Buffer
  request: string
}

/** Records what the requests of one window send and receive. */
export class WindowRecorder {
  requests = 0
  bytes = 0
  readonly #responses = new Map<Answer, RawResponse>()

  /** Runs work whose requests belong to this window. */
  record<Result>(work: () => Promise<Result>): Promise<Result> {
    return current.run(this, work)
  }

  received(response: Answer, raw: RawResponse): void {
    this.#responses.set(response, raw)
  }

  /** The bytes that a page came as. A page that the plugin made itself is stored as JSON. */
  rawOf(page: Answer): RawResponse {
    return this.#responses.get(page) ?? { raw: Buffer.from(JSON.stringify(page ?? null)), request: '' }
  }

  /** Releases the responses, once they are stored. */
  forgetResponses(): void {
    this.#responses.clear()
  }
}

/** The recorder of the window whose fetch sent the request, also where a plugin fetches several windows at once. */
const current = new AsyncLocalStorage<WindowRecorder>()

/** Reports to the recorder of the window that a request is sent for. Requests of a sign-in belong to none. */
export const recordRequests: Pick<ApiClientOptions, 'received' | 'traffic'> = {
  received: (response, raw, request) => current.getStore()?.received(response, { raw, request }),
  traffic(requests, bytes) {
    const recorder = current.getStore()
    if (!recorder) return
    recorder.requests += requests
    recorder.bytes += bytes
  },
}
