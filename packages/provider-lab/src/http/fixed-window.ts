/** How a caller stands with a limit on requests after one more of them. */
export interface Allowance {
  readonly allowed: boolean
  readonly limit: number
  readonly remaining: number
  /** Seconds, whole, at least one. */
  readonly resetsIn: number
}

/**
 * A limit on requests in windows that begin at multiples of their length, counted from the epoch: a window of an hour
 * begins at the top of the hour. Memory only.
 */
export function fixedWindow(
  limit: number,
  seconds: number,
  now: () => number,
): (caller: string) => Allowance {
  let window = -1
  const used = new Map<string, number>()

  return (caller) => {
    const current = Math.floor(now() / 1000 / seconds)
    if (current !== window) used.clear()
    window = current
    const count = Math.min((used.get(caller) ?? 0) + 1, limit + 1)
    used.set(caller, count)
    const resetsIn = Math.max(1, Math.ceil((current + 1) * seconds - now() / 1000))
    return { allowed: count <= limit, limit, remaining: Math.max(0, limit - count), resetsIn }
  }
}
