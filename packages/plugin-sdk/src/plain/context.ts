import { AsyncLocalStorage } from 'node:async_hooks'

/** What the methods of a plain plugin reach while one of them runs. */
export interface PlainContext {
  fetch: typeof globalThis.fetch
  config(key: string): string | undefined
}

const running = new AsyncLocalStorage<PlainContext>()
let isInstalled = false

/** Replaces the global `fetch` by one that goes through the context while a method of a plain plugin runs. */
export function installPlainFetch(): void {
  if (isInstalled) return
  isInstalled = true
  const ownFetch = globalThis.fetch
  globalThis.fetch = (input, init) => {
    const context = running.getStore()
    // The core's own client uses `fetch` too, and is outside of what the method runs in.
    return context ? running.exit(() => context.fetch(input, init)) : ownFetch(input, init)
  }
}

/** Runs a plain plugin's method within its context. */
export function runPlain<Result>(context: PlainContext, method: () => Promise<Result>): Promise<Result> {
  return running.run(context, method)
}

/** A setting of the running plugin, e.g. `plugin.your-plugin.client_id` or `global.base_url`. */
export function getConfigValue(key: string): Promise<string | undefined> {
  return Promise.resolve(running.getStore()?.config(key))
}
