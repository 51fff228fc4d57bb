import type { Settings } from '@tributary/engine'

/** One press of Ctrl-C can arrive twice: from the terminal, and from the npm that started the process. */
const sameMs = 100
const parentEveryMs = 500

/**
 * Resolves when the process is told to end, or when the npm that started it was: npm's shell does not pass that on. A second
 * signal ends the process at once; the embedded PostgreSQL is stopped with it.
 */
export function listenForSignals({ startedByNpm }: Settings): Promise<'told to end'> {
  return new Promise((resolve) => {
    let toldAt: number | undefined
    const tell = (signal: NodeJS.Signals) => {
      const now = performance.now()
      if (toldAt !== undefined && (signal === 'SIGTERM' || now - toldAt > sameMs)) process.exit(1)
      toldAt ??= now
      resolve('told to end')
    }
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, tell)
    if (!startedByNpm) return
    const { ppid } = process
    setInterval(() => process.ppid !== ppid && resolve('told to end'), parentEveryMs).unref()
  })
}
