/** Seconds. A source that wants longer is asked again after a day. */
const [shortestWait, longestWait] = [5, 86_400]

/** How many seconds to wait where a source or a plugin names so many: it may go by another clock, or name any moment. */
export function clampWait(seconds: number): number {
  return Math.min(Math.max(Math.ceil(seconds), shortestWait), longestWait)
}
