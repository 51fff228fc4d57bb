export interface Repeated {
  /** Stops it, and resolves when what is under way has ended. */
  stop(): Promise<void>
}

/** Does some work every so many milliseconds; a turn is left out while the one before is still under way. */
export function repeat(
  everyMs: number,
  work: () => Promise<unknown>,
  onFault: (error: unknown) => void,
): Repeated {
  let underway: Promise<void> | undefined
  const timer = setInterval(() => {
    underway ??= work()
      .then(() => {}, onFault)
      .finally(() => (underway = undefined))
  }, everyMs)
  return {
    async stop() {
      clearInterval(timer)
      await underway
    },
  }
}
