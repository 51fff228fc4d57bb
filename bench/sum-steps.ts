import { tracingChannel } from 'node:diagnostics_channel'
import { stepChannel, type TimedStep } from '../packages/engine/src/runtime/time-step.ts'

/** What was seen of the steps of jobs. */
export interface SeenSteps {
  /** Milliseconds in each step, over all jobs; of jobs at the same time each counts. */
  sums: Record<TimedStep['step'], number>
  /** When the first began and the last ended, by `performance.now()`. */
  first: number
  last: number
}

/** Adds up where the time of this process's jobs goes; `closed` is called with each job that ends. */
export function sumSteps(closed: (count: number) => void): SeenSteps {
  const sums = { claim: 0, prepare: 0, fetch: 0, archive: 0, map: 0, write: 0, close: 0 }
  const seen: SeenSteps = { sums, first: Infinity, last: 0 }
  const began = new WeakMap<object, number>()
  let count = 0
  tracingChannel<TimedStep, TimedStep>(stepChannel).subscribe({
    start(context) {
      began.set(context, performance.now())
      seen.first = Math.min(seen.first, performance.now())
    },
    asyncEnd(context) {
      const { step } = context
      seen.last = performance.now()
      sums[step] += seen.last - (began.get(context) ?? seen.last)
      if (step === 'close') closed(++count)
    },
    end() {},
    asyncStart() {},
    error() {},
  })
  return seen
}
