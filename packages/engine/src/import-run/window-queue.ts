import type { ReadyWindow } from './commit-windows.ts'

/** Values that wait to be written together, and the longest that they wait. */
const waitingValues = 5000
const waitingMs = 2000

export interface WindowQueue {
  /** Adds a window; resolves once the next one may be fetched. */
  add(window: ReadyWindow): Promise<void>
  /** Writes what is left; resolves, or rejects, when all is written. */
  flush(): Promise<void>
}

/** Collects windows that are ready and writes them in order, several at once, while the next ones are fetched and mapped. */
export function createWindowQueue(write: (windows: ReadyWindow[]) => Promise<void>): WindowQueue {
  let ready: ReadyWindow[] = []
  let readySince = 0
  let writing = Promise.resolve()

  function flush(): Promise<void> {
    const windows = ready
    ready = []
    if (windows.length > 0) {
      writing = writing.then(() => write(windows))
      // Whoever waits for it hears of a fault.
      writing.catch(() => {})
    }
    return writing
  }

  return {
    async add(window) {
      if (ready.length === 0) readySince = performance.now()
      ready.push(window)
      const values = ready.reduce(
        (sum, { staged }) => sum + staged.days.length + staged.measurements.length,
        0,
      )
      if (values < waitingValues && performance.now() - readySince < waitingMs) return
      await writing
      void flush()
    },
    flush,
  }
}
