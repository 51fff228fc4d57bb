import type { ValuesChanged } from '@tributary/engine'
import { invalidateAll } from '$app/navigation'
import { followJobs } from '../follow-jobs.ts'
import { Live } from '../live.svelte.ts'

/** Loads the page again when values of the days that it shows change. Returns what ends it. */
export function followValues(days: () => { from: string; to: string }): () => void {
  let opened = false
  const live = new Live<null>(null, {
    async read() {
      await invalidateAll()
      return undefined
    },
    showsValues({ metrics }: ValuesChanged) {
      const { from, to } = days()
      return metrics.some((changed) => changed.from <= to && from <= changed.to)
    },
    mayHaveChanged() {
      // The page was loaded a moment before its stream opens for the first time.
      const isAgain = opened
      opened = true
      return isAgain
    },
  })
  return followJobs(live)
}
