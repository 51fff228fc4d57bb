import {
  type Answer,
  type BaseIntegrationHandler,
  ImportError,
  importErrorCode,
  type MapContext,
  type MappedRecords,
} from '@tributary/plugin-sdk'
import { CoreError } from './core-error.ts'

/** The longest that a plugin may take to answer without giving anything. */
const silenceMs = 120_000

/**
 * Runs code of a plugin: the only way to it. What it throws becomes an `ImportError`, and one that never answers ends.
 *
 * `what` completes "The … plugin failed while …". An error without a code is the plugin's own (`plugin-failed`), unless it is
 * a `CoreError`, whose cause is thrown on.
 */
export async function callPlugin<Result>(
  source: string,
  what: string,
  call: () => Promise<Result>,
): Promise<Result> {
  let timer: NodeJS.Timeout | undefined
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new ImportError('unavailable', `${source} did not finish ${what} in time.`)),
      silenceMs,
    )
  })
  try {
    return await Promise.race([call(), silence])
  } catch (error) {
    throw pluginError(source, what, error)
  } finally {
    clearTimeout(timer)
  }
}

/** Runs code of a plugin that answers at once. */
export function callPluginNow<Result>(source: string, what: string, call: () => Result): Result {
  try {
    return call()
  } catch (error) {
    throw pluginError(source, what, error)
  }
}

/** What an error of a plugin’s code is to the core: one with a code, or the plugin’s own failure. */
export function pluginError(source: string, what: string, error: unknown): unknown {
  if (error instanceof CoreError) return error.cause
  const code = importErrorCode(error)
  if (!code) {
    const message = `The ${source} plugin failed while ${what}. Update the plugin, or report this to its maker.`
    return new ImportError('plugin-failed', message, { cause: error })
  }
  const { message, retryAt } = error as Error & { retryAt?: unknown }
  if (error instanceof ImportError && (retryAt === undefined || retryAt instanceof Temporal.Instant))
    return error
  // Another copy of the class, or plain JavaScript, may name the moment in another form.
  const moment = retryAt instanceof Date ? retryAt.toTemporalInstant() : retryAt
  return new ImportError(code, message, {
    cause: error,
    ...(moment instanceof Temporal.Instant ? { retryAt: moment } : {}),
  })
}

/** Takes what a plugin yields, one by one, each within the time that a call has. */
export async function* iteratePlugin<Item>(
  source: string,
  what: string,
  start: () => AsyncIterable<Item>,
): AsyncIterable<Item> {
  const iterator = await callPlugin(source, what, async () => start()[Symbol.asyncIterator]())
  try {
    for (;;) {
      const next = await callPlugin(source, what, () => iterator.next())
      if (next.done) return
      yield next.value
    }
  } finally {
    // Not awaited: an iterator that hangs would hang its end too.
    void iterator.return?.().catch(() => {})
  }
}

/** Takes what a plugin makes of answers that are already here: all at once or one by one. */
export async function* readPlugin<Item>(
  source: string,
  what: string,
  make: () => Iterable<Item> | AsyncIterable<Item>,
): AsyncIterable<Item> {
  try {
    yield* make()
  } catch (error) {
    throw pluginError(source, what, error)
  }
}

/** Has a plugin read stored answers; what it throws while it does is `readPlugin`'s. */
export function mapPages(
  handler: BaseIntegrationHandler,
  stream: string,
  pages: Answer[],
  context: MapContext,
): MappedRecords {
  return handler.mapData(stream, pages, context)
}
