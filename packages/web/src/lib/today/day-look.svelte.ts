import type { Job } from '@tributary/engine'
import { callApi } from '../call-api.ts'
import { isFinished } from '../job-status.ts'

/** A day that somebody looks at: asks once for what was never asked for, and follows the imports that bring it. */
export class DayLook {
  readonly #day: string
  /** The ids of the sources whose values are on their way. */
  onTheWay: string[] = $state.raw([])
  /** Why it takes long, where a source makes us wait. */
  reasons: string[] = $state.raw([])

  constructor(day: string) {
    this.#day = day
  }

  /** Asks; a look that fails is silent, what is there is shown. */
  async ask(): Promise<void> {
    const { onTheWay } = await callApi<{ onTheWay: string[] }>('POST', '/api/metrics/look', {
      date: this.#day,
    }).catch(() => ({ onTheWay: [] }))
    this.onTheWay = onTheWay
  }

  /** Looks which imports still go on. */
  async follow(): Promise<void> {
    const answer = await callApi<{ jobs: Job[] }>('GET', '/api/import-jobs').catch(() => null)
    if (!answer) return
    const going = answer.jobs.filter(
      ({ status, from, to, pluginId }) =>
        !isFinished(status) && from <= this.#day && this.#day <= to && this.onTheWay.includes(pluginId),
    )
    this.reasons = going.flatMap(({ reason }) => reason ?? [])
    this.onTheWay = this.onTheWay.filter((id) => going.some(({ pluginId }) => pluginId === id))
  }
}
