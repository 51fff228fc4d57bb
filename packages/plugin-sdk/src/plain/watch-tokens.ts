import { readTokenRefusal, type TokenRefusal } from '../auth/token-refusal.ts'

/** A `fetch` for a plain plugin that renews its tokens by itself, and what it was refused last. */
export interface WatchedFetch {
  fetch: typeof globalThis.fetch
  refusal(): TokenRefusal | undefined
}

/** Watches for what a token endpoint refuses: plain plugins throw an error without a code then, or store no token at all. */
export function watchTokens(fetch: typeof globalThis.fetch): WatchedFetch {
  let refusal: TokenRefusal | undefined
  return {
    async fetch(input, init) {
      const response = await fetch(input, init)
      const body: unknown = await response
        .clone()
        .json()
        .catch(() => undefined)
      refusal = readTokenRefusal(response, body, Temporal.Now.instant())
      return response
    },
    refusal: () => refusal,
  }
}
