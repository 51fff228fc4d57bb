export interface Repeated {
  /** Stops it, and resolves when what is under way has ended. */
  stop(): Promise<void>
}

/**
 * Does some work every so many milliseconds, the first time after as many; a turn is left out while the one before is still
 * under way.
 */
export function repeat(
  everyMs: number,
  work: () => Promise<unknown>,
  onFault: (error: unknown) => void,
  { atOnce = false } = {},
): Repeated {
  let underway: Promise<void> | undefined
  function turn(): void {
    underway ??= work()
      .then(() => {}, onFault)
      .finally(() => (underway = undefined))
  }
  const timer = setInterval(turn, everyMs)
  if (atOnce) turn()
  return {
    async stop() {
      clearInterval(timer)
      await underway
    },
  }
}
