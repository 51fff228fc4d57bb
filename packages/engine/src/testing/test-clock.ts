import { subscribe } from 'node:diagnostics_channel'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Clock } from '../domain/clock.ts'

/** A clock that stands where a test puts it, and moves on by itself only to fulfil a wait. */
export interface TestClock extends Clock {
  set(instant: string): void
  add(duration: Temporal.DurationLike): void
}

/** Requests that this process has sent and that have no whole answer yet. */
const underway = new Set<unknown>()
type Told = { request: unknown }
subscribe('undici:request:create', (told) => underway.add((told as Told).request))
for (const end of ['trailers', 'error'])
  subscribe(`undici:request:${end}`, (told) => underway.delete((told as Told).request))

const longestRequestMs = 3000

/** For so long no request may be under way: one whose turn has come takes a moment until it is sent. */
const quietMs = 5

/** Resolves when every request that was sent has its answer, so that none arrives in another time than its own. */
async function quiet(): Promise<void> {
  for (let ms = 0, still = 0; still < quietMs && ms < longestRequestMs; ms++) {
    await sleep(1)
    still = underway.size > 0 ? 0 : still + 1
  }
}

export function createTestClock(start: string): TestClock {
  let now = Temporal.Instant.from(start)
  let waiting: { until: Temporal.Instant; wake: () => void }[] = []
  let moving = false

  async function move(): Promise<void> {
    if (moving) return
    moving = true
    while (waiting.length > 0) {
      await quiet()
      const [next] = waiting.toSorted((a, b) => Temporal.Instant.compare(a.until, b.until))
      waiting = waiting.filter((one) => one !== next)
      if (next && Temporal.Instant.compare(next.until, now) > 0) now = next.until
      next?.wake()
    }
    moving = false
  }

  return {
    now: () => now,
    wait(until) {
      if (Temporal.Instant.compare(until, now) <= 0) return Promise.resolve()
      return new Promise((wake) => {
        waiting.push({ until, wake })
        void move()
      })
    },
    set: (instant) => (now = Temporal.Instant.from(instant)),
    add: (duration) => (now = now.add(duration)),
  }
}
