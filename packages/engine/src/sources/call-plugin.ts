import {
  type Answer,
  type BaseIntegrationHandler,
  ImportError,
  importErrorCode,
  type MapContext,
  type MappedRecords,
} from '@tributary/plugin-sdk'

/** The longest that a plugin may take to answer without giving anything. */
const silenceMs = 120_000

/**
 * Runs code of a plugin: the only way to it. What it throws becomes an `ImportError`, and one that never answers ends.
 *
 * An error without a code is `unavailable`: the source gave what the plugin did not foresee, and nothing of it counts.
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
    throw asImportError(source, what, error)
  } finally {
    clearTimeout(timer)
  }
}

function asImportError(source: string, what: string, error: unknown): ImportError {
  if (error instanceof ImportError) return error
  const code = importErrorCode(error)
  if (code) {
    const { message, retryAt } = error as Error & { retryAt?: Temporal.Instant }
    return new ImportError(code, message, { cause: error, ...(retryAt ? { retryAt } : {}) })
  }
  return new ImportError('unavailable', `${source} gave an answer that ${what} could not read.`, {
    cause: error,
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
    throw asImportError(source, what, error)
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
